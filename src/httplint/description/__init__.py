"""What a description of an API (OpenAPI) says there is: its operations, and to which of them a request belongs."""
