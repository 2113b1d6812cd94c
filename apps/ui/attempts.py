"""One domain call of a view: a refusal becomes words on the form, not an error page."""

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest

from apps.ui.pages import refuse
from apps.ui.refusals import Refusal


def attempt(request: HttpRequest, form: BaseForm, call: Callable[[], object]) -> bool:
    """True when this is a valid POST and `call` went through; its refusal is shown on the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        call()
    except Refusal as refusal:
        refuse(form, refusal)
        return False
    except ValidationError as error:
        show(form, error)
        return False
    return True


def show(form: BaseForm, error: ValidationError) -> None:
    """Words of a constraint that only the service could check, at their field where the form has it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, errors in error.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
