"""Says whether each CorsConfiguration, a line of JSON, is right by the service model of botocore."""

import json
import sys

import botocore.session
from botocore.validate import ParamValidator

cors = botocore.session.Session().get_service_model("apigatewayv2").shape_for("Cors")
for line in sys.stdin:
    report = ParamValidator().validate(json.loads(line), cors)
    print(report.generate_report().replace("\n", " ") if report.has_errors() else "right")
