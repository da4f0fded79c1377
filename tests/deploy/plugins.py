"""Filter plugins as modules: Ansible reads them from their folder, which is no package."""

import importlib.util
import sys
from types import ModuleType

from tests.deploy.playbook import ANSIBLE

__all__ = ["plugin"]


def plugin(name: str) -> ModuleType:
    """The filter plugin of this name."""
    file = ANSIBLE / "filter_plugins" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module
