"""Pages of an organisation's returns; ``/<organisation>/`` leads to the current one."""

from django.urls import include, path

import mapping.returns.converters  # noqa: F401 - registers <collection:...> and <part:...>
from mapping.returns.views import imports, joint, overview, services

app_name = "returns"

of_service = [
    path("", services.service_edit, name="service_edit"),
    path("category/", services.service_category, name="service_category"),
    path("close/", services.service_close, name="service_close"),
    path("merge/", services.service_merge, name="service_merge"),
    path("open-again/", services.service_open_again, name="service_open_again"),
    path("remove/", services.service_remove, name="service_remove"),
]

of_import = [
    path("", imports.import_preview, name="import_preview"),
    path("status/", imports.import_status, name="import_status"),
    path("left-out.csv", imports.import_left_out, name="import_left_out"),
    path("result/", imports.import_result, name="import_result"),
    path("undo/", imports.import_undo, name="import_undo"),
]

of_list = [
    path("", services.services, name="services"),
    path("add/", services.service_add, name="service_add"),
    path("carry/", services.services_carry, name="services_carry"),
    path("inherit/", services.services_inherit, name="services_inherit"),
    path("confirm/", services.services_confirm, name="services_confirm"),
    path("form/", services.services_form, name="services_form"),
    path("structure/", services.structure, name="structure"),
    path("import/", imports.import_list, name="import"),
    path("import/<int:pk>/", include(of_import)),
    path("<int:entry>/", include(of_service)),
]

of_return = [
    path("", overview.overview_of, name="overview_of"),
    path("services/", include(of_list)),
    path("joint-services/", joint.joint, name="joint"),
    path("joint-services/<int:joint>/", joint.joint_answer, name="joint_answer"),
]

urlpatterns = [
    path("<slug:organisation>/", overview.overview, name="overview"),
    path("<slug:organisation>/returns/<collection:collection>/", include(of_return)),
]
