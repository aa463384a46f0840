"""Addresses of ‘Support’."""

from django.urls import path

from support import views

urlpatterns = [
    path("", views.support, name="support"),
    path("contact/", views.contact_support, name="contact_support"),
    path("<slug:page>/", views.support_page, name="support_page"),
]
