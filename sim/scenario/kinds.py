"""The kinds of distribution a file may write; apart from what they do, which is not light."""

UNIFORM, TRIANGULAR, TRUNCATED_NORMAL, BETA = "uniform", "triangular", "truncated_normal", "beta"
BOUNDS = "bounds"  # beside beta
#: The numbers of each kind, in order.
NUMBERS = {
    UNIFORM: ("low", "high"),
    TRIANGULAR: ("low", "mode", "high"),
    TRUNCATED_NORMAL: ("mean", "sd", "low", "high"),
    BETA: ("a", "b"),
}
