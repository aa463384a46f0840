"""Addresses of a school's people and words."""

from django.urls import path

from schools.api import suggestions, text_check
from schools.views import access_groups, keys, maps, mis_imports, names, staff_invitations
from schools.views import administration as views

urlpatterns = [
    path("students/suggest/", suggestions.suggest_students, name="suggest_students"),
    path("students/named/", text_check.named_in_text, name="students_named"),
    path("staff/suggest/", suggestions.suggest_staff, name="suggest_staff"),
    path("staff/suggest-key-holders/", suggestions.suggest_key_holders, name="suggest_key_holders"),
    path("staff/keys/", keys.staff_keys, name="staff_keys"),
    path("staff/keys/<uuid:ref>/", keys.reset_key, name="reset_key"),
    path("names/", names.hide_names, name="hide_names"),
    path("administration/", views.administration, name="administration"),
    path("administration/categories/", views.category_list, name="categories"),
    path("administration/categories/<uuid:ref>/", views.category, name="category"),
    path(
        "administration/categories/<uuid:ref>/sub-categories/",
        views.add_sub_category,
        name="add_sub_category",
    ),
    path(
        "administration/categories/<uuid:ref>/retire/",
        views.retire_category,
        name="retire_category",
    ),
    path(
        "administration/categories/<uuid:ref>/bring-back/",
        views.bring_back_category,
        name="bring_back_category",
    ),
    path("administration/access-groups/", access_groups.access_group_list, name="access_groups"),
    path(
        "administration/access-groups/add/", access_groups.add_access_group, name="add_access_group"
    ),
    path(
        "administration/access-groups/<uuid:ref>/", access_groups.access_group, name="access_group"
    ),
    path("administration/alert-groups/", views.alert_group_list, name="alert_groups"),
    path("administration/alert-groups/add/", views.add_alert_group, name="add_alert_group"),
    path("administration/alert-groups/<uuid:ref>/", views.alert_group, name="alert_group"),
    path(
        "administration/alert-groups/<uuid:ref>/retire/",
        views.retire_alert_group,
        name="retire_alert_group",
    ),
    path(
        "administration/alert-groups/<uuid:ref>/bring-back/",
        views.bring_back_alert_group,
        name="bring_back_alert_group",
    ),
    path("administration/staff/", staff_invitations.staff_list, name="staff"),
    path("administration/maps/", maps.map_list, name="maps"),
    path("administration/maps/<uuid:ref>/", maps.school_map, name="school_map"),
    path("administration/maps/<uuid:ref>/retire/", maps.retire_map, name="retire_map"),
    path("administration/maps/<uuid:ref>/bring-back/", maps.bring_back_map, name="bring_back_map"),
    path("maps/<uuid:ref>/", maps.map_image, name="map_image"),
    path("administration/staff/add/", views.add_staff, name="add_staff"),
    path("administration/staff/<uuid:ref>/", views.staff_member, name="staff_member"),
    path(
        "administration/staff/<uuid:ref>/deactivate/",
        views.deactivate_staff,
        name="deactivate_staff",
    ),
    path(
        "administration/staff/<uuid:ref>/reactivate/",
        views.reactivate_staff,
        name="reactivate_staff",
    ),
    path("administration/staff/several/", staff_invitations.invite_several, name="invite_several"),
    path(
        "administration/staff/<uuid:ref>/details/",
        staff_invitations.change_details,
        name="change_details",
    ),
    path(
        "administration/staff/<uuid:ref>/invite/",
        staff_invitations.invite_again,
        name="invite_again",
    ),
    path("administration/import/", mis_imports.mis_imports, name="mis_imports"),
    path("administration/import/example/", mis_imports.mis_example, name="mis_example"),
    path("administration/import/<uuid:ref>/", mis_imports.mis_import, name="mis_import"),
    path(
        "administration/import/<uuid:ref>/confirm/",
        mis_imports.confirm_mis_import,
        name="confirm_mis_import",
    ),
    path(
        "administration/import/<uuid:ref>/cancel/",
        mis_imports.cancel_mis_import,
        name="cancel_mis_import",
    ),
]
