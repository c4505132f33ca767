from django.urls import path

from . import views

urlpatterns = [
    path("people/", views.people, name="people"),
    path("people/add/", views.add_person, name="person-add"),
    path("people/agencies/add/", views.add_agency, name="agency-add"),
    path("people/<int:pk>/", views.person, name="person"),
    path("people/<int:pk>/leave/", views.end_membership, name="person-end"),
    path("people/<int:pk>/password-link/", views.password_link, name="person-password-link"),
    path("audit/", views.audit, name="audit"),
    path("audit/export/", views.audit_export, name="audit-export"),
    path("account/", views.my_account, name="my-account"),
    path("partnership/", views.choose_partnership, name="choose-partnership"),
]
