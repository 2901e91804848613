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
 *
 * What cannot be read or has no room is a trap. Addresses hold until the next call.
 */
#include "week.c"

enum { VERSION = 1 };

#define CALL(name) __attribute__((export_name(#name))) name

static char *tables;
static Params params;
static World world;
static Tally counts;
static Row *rows;

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
