"""Pages about answers, ``/<organisation>/returns/<collection>/...``; and the sandbox, ``/sandbox/...``."""

from django.urls import include, path

import mapping.returns.converters  # noqa: F401 - registers <collection:...>
from questionnaires.views import delegation, findings, responses, sandbox, section

app_name = "questionnaires"

of_response = [
    path("", responses.response, name="response"),
    path("history/", responses.history, name="history"),
    path("history/compare/", responses.compare, name="compare"),
    path("full/", responses.full, name="full"),
    path("<slug:section>/", section.section, name="section"),
]

of_delegation = [
    path("nudge/", delegation.nudge, name="nudge"),
    path("take-back/", delegation.take_back, name="take_back"),
    path("hand-over/", delegation.hand_over, name="hand_over"),
]

of_return = [
    path("responses/<int:response>/", include(of_response)),
    path("before/<int:entry>/", responses.inherited, name="inherited"),
    path("start/<int:entry>/", responses.start, name="start"),
    path("start/<slug:key>/", responses.start_questionnaire, name="start_questionnaire"),
    path("organisation/", responses.organisation, name="organisation"),
    path("findings/<int:finding>/", findings.finding, name="finding"),
    path("delegate/", delegation.delegate, name="delegate"),
    path("nudge/", delegation.nudge_chosen, name="nudge_chosen"),
    path("due/", delegation.due_chosen, name="due_chosen"),
    path("delegations/<int:delegation>/", include(of_delegation)),
]

of_sandbox = [
    path("", sandbox.start, name="sandbox"),
    path("<slug:guise>/", sandbox.guise, name="sandbox_guise"),
    path("<slug:guise>/<slug:sheet>/", sandbox.sheet, name="sandbox_sheet"),
    path("<slug:guise>/<slug:sheet>/change/", sandbox.change, name="sandbox_change"),
    path("<slug:guise>/<slug:sheet>/<slug:section>/", sandbox.section, name="sandbox_section"),
]

urlpatterns = [
    path("sandbox/", include(of_sandbox)),
    path("checks/", include("questionnaires.tuning.urls")),
    path("<slug:organisation>/returns/<collection:collection>/", include(of_return)),
]
