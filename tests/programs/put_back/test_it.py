def test_it():
    from app import client
    client.get("/")
