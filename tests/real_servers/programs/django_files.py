"""Django in its development server, with its middleware for conditional requests and gzip: PORT DOCUMENTS."""
import sys
import types

import django
from django.conf import settings
from django.core.servers.basehttp import WSGIServer, run
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import path
from django.views.decorators.http import require_POST
from django.views.static import serve

PORT, DOCUMENTS = sys.argv[1:]


def cookies(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("hello", content_type="text/plain")
    response.set_cookie("a", "1")
    response.set_cookie("b", "2", max_age=60, httponly=True)
    return response


def moved(request: HttpRequest) -> HttpResponse:
    return HttpResponsePermanentRedirect("/a.txt")


def no_content(request: HttpRequest) -> HttpResponse:
    return HttpResponse(status=204)


urls = types.ModuleType("django_files_urls")
urls.urlpatterns = [path("cookies", cookies), path("moved", moved), path("no-content", no_content),
                    path("refused", require_POST(no_content)),
                    path("<path:path>", serve, {"document_root": DOCUMENTS, "show_indexes": True})]
sys.modules[urls.__name__] = urls
settings.configure(
    ROOT_URLCONF=urls.__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x", USE_TZ=True,
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    MIDDLEWARE=["django.middleware.gzip.GZipMiddleware", "django.middleware.http.ConditionalGetMiddleware",
                "django.middleware.common.CommonMiddleware"])
django.setup()
run("127.0.0.1", int(PORT), get_wsgi_application(), threading=True, server_cls=WSGIServer)
