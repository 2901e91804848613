"""How numba compiles a function of the world: not to be run by itself, only merged into kernels.

numba would optimise each function with all that it calls merged into it, and make machine code of
it, before the next function that calls it does the same again: each line of the world a dozen
times. Here it is left as it is until a kernel has all of it, and is done once. What is changed are
methods of numba's own, which its pinned version has.
"""

from typing import Any

import llvmlite.binding as llvm
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler


class _Ingredient(JITCodeLibrary):  # type: ignore[misc]
    """The code of one function of the world."""

    def _optimize_final_module(self) -> None:
        """Left to the kernel."""

    def _finalize_final_module(self) -> None:
        """No machine code of its own."""
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Nowhere: what is not there cannot be called."""
        return 0

    @property
    def codegen(self) -> "_NoEnvironment":
        """What numba asks to set up the function for calls from Python."""
        return _NoEnvironment()


class _NoEnvironment:
    """No calls from Python, no environment for them."""

    def set_env(self, name: str, environment: object) -> None:
        """Nothing to set."""


class _Lanes(_Ingredient):
    """The same of a loop that is to be done several turns at a time: that is seen to at once.

    Twice, as numba does, but with no loop unrolled: of eight turns written out none is together.
    """

    def _passes(self) -> Any:
        tuning = llvm.create_pipeline_tuning_options(3)
        tuning.loop_vectorization, tuning.slp_vectorization = True, False
        tuning.loop_unrolling = tuning.loop_interleaving = False
        return llvm.create_pass_builder(self._codegen._tm, tuning)

    def _optimize_functions(self, module: Any) -> None:
        module.data_layout = self._codegen._data_layout
        for function in module.functions:
            builder = self._passes()
            builder.getFunctionPassManager().run(function, builder)

    def _optimize_final_module(self) -> None:
        for _ in range(2):
            builder = self._passes()
            builder.getModulePassManager().run(self._final_module, builder)


class _Whole(JITCodeLibrary):  # type: ignore[misc]
    """A kernel, with all that is merged into it.

    Its loops are over a handful of levers whose numbers lie far apart: done several turns at a time
    they were slower.
    """

    def _optimize_final_module(self) -> None:
        plain = {"loop_vectorize": False, "slp_vectorize": False}
        for more in ({"cost": "cheap", "opt": self._codegen._opt_level}, {}):
            passes, builder = self._codegen._module_pass_manager(**plain, **more)
            passes.run(self._final_module, builder)


class Merging(Compiler):  # type: ignore[misc]
    """numba's compiler, that keeps what it makes for kernels."""

    library: Any = _Ingredient

    def __init__(self, typingctx: Any, targetctx: Any, *given: Any) -> None:
        super().__init__(typingctx, targetctx, *given)
        self.state.library = self.library(targetctx.codegen(), self.library.__name__)
        self.state.library.enable_object_caching()


class MergingLanes(Merging):
    """The same for a loop that is to be vectorised: what it is given lies apart in memory."""

    library = _Lanes

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.state.flags.noalias = True


class Whole(Merging):
    """numba's compiler for a kernel."""

    library = _Whole
