from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path as route

urlpatterns = [route("405", lambda request: HttpResponse("no", status=405)),
               route("to", lambda request: HttpResponseRedirect("/405"))]
