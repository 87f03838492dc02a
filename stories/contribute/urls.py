"""Addresses of the form."""

from django.urls import path

from stories.contribute import keeping, sending, tus, views

urlpatterns = [
    path("", views.start, name="share_start"),
    path("age/", views.age, name="share_age"),
    path("how/", views.HowView.as_view(), name="share_how"),
    path("recording/", views.RecordingView.as_view(), name="share_recording"),
    path("incoming/", tus.files, name="share_incoming"),
    path("incoming/<uuid:file_id>/", tus.file, name="share_incoming_file"),
    path("others/", views.OthersView.as_view(), name="share_others"),
    path("words/", views.WordsView.as_view(), name="share_words"),
    path("name/", views.NameView.as_view(), name="share_name"),
    path("voice/", views.VoiceView.as_view(), name="share_voice"),
    path("face/", views.FaceView.as_view(), name="share_face"),
    path("consent/<slug:purpose>/", views.ConsentView.as_view(), name="share_consent"),
    path("email/", views.EmailView.as_view(), name="share_email"),
    path("check/", sending.check, name="share_check"),
    path("sent/", sending.sent, name="share_sent"),
    path("save/", keeping.save, name="share_save"),
    path("throw-away/", keeping.throw_away, name="share_throw_away"),
    path("later/", keeping.later, name="share_later"),
]
