"""The model: one week, one mechanism a file.

Read `week`, the order of it, with `params` (what stands) and `state` (what changes), which are
`tables`, and `start` (how a run begins). By step: `dated`; `intend`, `anticipation`, `restraint`,
`orders`; `levers`, `choice`, `insistence`, `relief`; `supply`, `allies`; `payoffs`; `perception`;
`learning`; `sensors`, `pressure`, `leverage`; `truce`, `conduct`; `talks`. `outcomes` are the
outcomes of a run. Luck: `draws`, by `philox` and `purposes`, and `heat`. How it is walked and
compiled: `walking`, `owned`, `compiled`, `merging`, `caching`.
"""
