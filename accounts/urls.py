"""Pages about people; the page of an organisation begins with its name."""

from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("you/", views.you, name="you"),
    path("messages/", views.messages, name="messages"),
    path("messages/<int:message>/", views.message_open, name="message_open"),
    path("messages/read/", views.messages_read, name="messages_read"),
    path("register/", views.register, name="register"),
    path("register/request/", views.request_organisation, name="request_organisation"),
    path("register/for/<slug:slug>/", views.register_for, name="register_for"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("<slug:organisation>/people/", views.people, name="people"),
    path("<slug:organisation>/people/invite/", views.invite, name="invite"),
    path("<slug:organisation>/people/invite-provider/", views.invite_provider, name="invite_provider"),
    path("<slug:organisation>/people/<int:membership>/end/", views.end_membership, name="end_membership"),
    path("<slug:organisation>/people/<int:membership>/lead/", views.hand_over, name="hand_over"),
    path(
        "<slug:organisation>/people/registrations/<int:registration>/invite/",
        views.invite_registrant,
        name="invite_registrant",
    ),
    path(
        "<slug:organisation>/people/invitations/<int:invitation>/again/",
        views.send_again,
        name="send_again",
    ),
    path(
        "<slug:organisation>/people/invitations/<int:invitation>/withdraw/",
        views.withdraw,
        name="withdraw",
    ),
]
