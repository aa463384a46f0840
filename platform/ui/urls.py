"""The style page; included by development and test settings alone."""

from django.urls import path

from ui import views

app_name = "ui"
urlpatterns = [
    path("", views.style_guide, name="style_guide"),
    path("plain/", views.style_guide_plain, name="style_guide_plain"),
    path("people/<str:kind>/", views.style_guide_people, name="style_guide_people"),
    path("files/", views.style_guide_files, name="style_guide_files"),
]
