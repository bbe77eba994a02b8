import pytest
from django.core.management import call_command
from dresscode.local import demo
from registry.models import PromptVersion, Verdict, Deployment
from wardrobe import vocabulary

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.timeout(900)
def test_it(tmp_path, settings):
    call_command("load_vocabulary", verbosity=0)
    vocabulary.forget()
    settings.MEDIA_ROOT = str(tmp_path)
    demo.load_demo_prompts()
    for v in Verdict.objects.all():
        print(v, v.failures, v.figures["right"], v.figures["of"])
    print([(m.kind, m.to_version.number) for m in Deployment.objects.all()])
    print(list(PromptVersion.objects.passed_when_live()))
