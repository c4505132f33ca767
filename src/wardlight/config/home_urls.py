from django.urls import path

from . import home_views

urlpatterns = [path("home/", home_views.home, name="home")]
