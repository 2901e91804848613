/* The week for a host that calls it and has a scenario's tables at hand: Python.
 *
 * The calls of wasm.c, and beside them
 *
 *   detente_sample(first, runs)   plays runs, uncounted; their rows are those of detente_rows()
 *   detente_sample_conduct()      of each, by week, its bits as in sim/outcomes/sample.py, int8
 *   detente_sample_shortage()     of each, by week and ally: the worse of the two sides', double
 *   detente_decide(first, runs, outcomes)   plays runs, uncounted, each to the week in which all
 *                                 `outcomes` have ended (bits by row of `ended`; a higher bit is
 *                                 one that does not end in a week); their rows as above, with
 *                                 no payoffs, which nothing in the week reads
 */
#include "wasm.c"

static int8_t *sample_conduct;
static double *sample_shortage;

/* 1 for a side in violation, 4 for one that is only bad by its own reading. */
static int sample_bits(int i)
{
    return world.side[1 - i].now.other_bad ? 1 : world.side[i].now.own_bad ? 4 : 0;
}

void CALL(detente_sample)(uint32_t first, uint32_t runs)
{
    size_t weeks = (size_t)params.rules->weeks, allies = (size_t)params.n_allies;
    free(rows), free(sample_conduct), free(sample_shortage);
    rows = malloc(runs * sizeof *rows + 1);
    sample_conduct = malloc(runs * weeks + 1);
    sample_shortage = malloc(runs * weeks * allies * sizeof *sample_shortage + 1);
    if (!rows || !sample_conduct || !sample_shortage)
        fail("no memory");
    int8_t *bad = sample_conduct;
    double *shortage = sample_shortage;
    for (uint32_t r = 0; r < runs; r++) {
        begin_run(&world, first + r);
        for (int t = 1; t <= (int)weeks; t++) {
            one_week(&world, t);
            *bad++ = (int8_t)(sample_bits(CN) | sample_bits(US) << 1);
            for (size_t m = 0; m < allies; m++)
                *shortage++ = max(world.ally[m].shortage[US], world.ally[m].shortage[CN]);
        }
        rows[r] = row_of(&world);
    }
}

int8_t *CALL(detente_sample_conduct)(void) { return sample_conduct; }

double *CALL(detente_sample_shortage)(void) { return sample_shortage; }

static bool all_ended(const Truce *run, uint32_t outcomes)
{
    const int week[ENDED] = {run->clean_week, run->undisputed_week, run->standing_week,
                             run->core_week};
    if (outcomes >> ENDED)
        return false;
    for (int o = 0; o < ENDED; o++)
        if ((outcomes >> o & 1) && week[o] == 0)
            return false;
    return true;
}

void CALL(detente_decide)(uint32_t first, uint32_t runs, uint32_t outcomes)
{
    int weeks = params.rules->weeks;
    free(rows);
    rows = malloc(runs * sizeof *rows + 1);
    if (!rows)
        fail("no memory");
    for (uint32_t r = 0; r < runs; r++) {
        begin_run(&world, first + r);
        for (int t = 1; t <= weeks && !all_ended(&world.truce, outcomes); t++)
            act_and_supply(&world, t), see_and_conclude(&world, t);
        rows[r] = row_of(&world);
    }
}
