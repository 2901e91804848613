"""Engines that play runs: `batch` for millions, others for one run or for exact answers.

Read `batch`, then its kernel `block`, what it counts (`counts`, `tally`) and what it plays in
(`setting`). One run: `trace` keeps everything, `branch` goes on from a week with other luck,
`frozen_conduct` holds levers where they stand. Mesa: `mesa_model`, its `mesa_agents`,
`mesa_batch`, by the single `steps` of the week. Exact: `reduction` says whether a scenario is
small enough, `chain` and `long_run` are its matrices, `exact` the answer. Outcomes of one's own:
`own_outcomes`, from what `weekly` names of each week. `follow` plays copies
that follow the record. Not to wait for the compiler: `compiling`, and `host`, the week as
WebAssembly.
"""
