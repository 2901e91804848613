/* The week for a host that calls it, a browser: compiled to WebAssembly, it imports nothing.
 *
 * The host asks for room, writes the tables there (tables.py), opens them with a seed and plays:
 *
 *   detente_version()                  of these calls; changes when one of them does
 *   detente_room(bytes)                where to write the tables; the last ones are forgotten
 *   detente_open(seed_low, seed_high)  reads the tables and empties the tally
 *   detente_play(first, runs)          adds runs first .. first + runs - 1 to the tally
 *   detente_tally()                    the counts of Tally, field by field, int64
 *   detente_tally_length()             how many
 *   detente_rows()                     the runs of the last play, ROW of sim/engines/tally.py
 *   detente_row_size()                 bytes of one
 *   detente_conduct(first, runs)       a byte for each week of each run, its bits as below
 *   detente_weeks(run)                 one run, week by week: doubles, named in weekly.py
 *   detente_weeks_width()              how many a week
 *
 * What cannot be read or has no room is a trap. Addresses hold until the next call.
 */
#include "week.c"

enum { VERSION = 2 };
/* Bits of a week's conduct. */
enum { US_VIOLATES = 1, CN_VIOLATES = 2, TRUCE_IN_FORCE = 4, TALKS = 8 };
/* Doubles of a week: of the world, of a side, of a lever, of an ally or deal. */
enum { OF_WORLD = 4, OF_SIDE = 7, OF_LEVER = 6 };

#define CALL(name) __attribute__((export_name(#name))) name

static char *tables;
static Params params;
static World world;
static Tally counts;
static Row *rows;
static uint8_t *conduct;
static double *story;

static void forget_world(void)
{
    free(world.lever), free(world.ally), free(world.struck), free(world.curve);
    free(world.memory[US]), free(world.memory[CN]);
    memset(&world, 0, sizeof world);
    free(counts.all);
    memset(&counts, 0, sizeof counts);
}

uint32_t CALL(detente_version)(void) { return VERSION; }

char *CALL(detente_room)(uint32_t bytes)
{
    free(tables);
    tables = malloc(bytes);
    if (!tables)
        fail("no memory");
    return tables;
}

void CALL(detente_open)(uint32_t seed_low, uint32_t seed_high)
{
    forget_world();
    params = read_params(tables);
    world = new_world(&params, (uint64_t)seed_high << 32 | seed_low);
    counts = new_tally(&params);
    if (!counts.all)
        fail("no memory");
}

void CALL(detente_play)(uint32_t first, uint32_t runs)
{
    free(rows);
    rows = malloc(runs * sizeof *rows);
    if (!rows)
        fail("no memory");
    for (uint32_t r = 0; r < runs; r++) {
        play_tally(&world, first + r, 1, &counts);
        rows[r] = row_of(&world);
    }
}

int64_t *CALL(detente_tally)(void) { return counts.all; }

uint32_t CALL(detente_tally_length)(void) { return (uint32_t)counts.size; }

Row *CALL(detente_rows)(void) { return rows; }

uint32_t CALL(detente_row_size)(void) { return sizeof(Row); }

static uint8_t conduct_of(const World *w, int t)
{
    return (uint8_t)((w->side[CN].now.other_bad ? US_VIOLATES : 0)
                     | (w->side[US].now.other_bad ? CN_VIOLATES : 0)
                     | (w->truce.in_force ? TRUCE_IN_FORCE : 0)
                     | (w->truce.last_talks == t ? TALKS : 0));
}

uint8_t *CALL(detente_conduct)(uint32_t first, uint32_t runs)
{
    size_t weeks = (size_t)params.rules->weeks;
    free(conduct);
    conduct = malloc(runs * weeks + 1);
    if (!conduct)
        fail("no memory");
    uint8_t *at = conduct;
    for (uint32_t r = 0; r < runs; r++) {
        begin_run(&world, first + r);
        for (int t = 1; t <= (int)weeks; t++) {
            one_week(&world, t);
            *at++ = conduct_of(&world, t);
        }
    }
    return conduct;
}

static double *put_side(double *at, int i)
{
    const Side *s = &world.side[i];
    const double all[OF_SIDE] = {s->rung, s->move, world.side[1 - i].now.other_bad, s->now.saw_bad,
                                 belief(s), s->felt, s->pressure};
    memcpy(at, all, sizeof all);
    return at + OF_SIDE;
}

static double *put_lever(double *at, const Lever *l)
{
    const double all[OF_LEVER] = {l->level, l->counts, l->flow, l->queue, l->stock, l->shortage};
    memcpy(at, all, sizeof all);
    return at + OF_LEVER;
}

static double *put_week(double *at, int t)
{
    const Truce *truce = &world.truce;
    *at++ = truce->in_force, *at++ = truce->expiry;
    *at++ = truce->mutual, *at++ = truce->last_talks == t;
    at = put_side(put_side(at, US), CN);
    for (int k = 0; k < params.n_levers; k++)
        at = put_lever(at, &world.lever[k]);
    for (int m = 0; m < params.n_allies; m++)
        *at++ = world.ally[m].joined;
    for (int d = 0; d < params.n_deals; d++)
        *at++ = world.struck[d];
    return at;
}

uint32_t CALL(detente_weeks_width)(void)
{
    return (uint32_t)(OF_WORLD + 2 * OF_SIDE + OF_LEVER * params.n_levers + params.n_allies
                      + params.n_deals);
}

double *CALL(detente_weeks)(uint32_t run)
{
    free(story);
    story = malloc(sizeof *story * (size_t)params.rules->weeks * detente_weeks_width() + 1);
    if (!story)
        fail("no memory");
    double *at = story;
    begin_run(&world, run);
    for (int t = 1; t <= params.rules->weeks; t++) {
        one_week(&world, t);
        at = put_week(at, t);
    }
    return story;
}
