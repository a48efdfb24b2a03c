import django
from django.conf import settings

settings.configure(ROOT_URLCONF="urls_of_test", ALLOWED_HOSTS=["*"], SECRET_KEY="x", USE_TZ=True)
django.setup()
