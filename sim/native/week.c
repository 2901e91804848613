/* The week of docs/model.md a second time, in plain C, written from that page and the
 * layout of the tables (sim/world/params.py), before the Python was read.
 *
 *   cc -std=c11 -O3 -ffp-contract=off -o week week.c -lm
 *   week PARAMS SEED FIRST RUNS --rows FILE    one record per run (ROW of sim/engines/tally.py)
 *   week PARAMS SEED FIRST RUNS --tally FILE   the counts of Tally, field by field
 *   week PARAMS SEED FIRST 1 --trace           every state quantity, one JSON line a week
 *   week PARAMS SEED FIRST RUNS --bench        plays and tallies; prints ns per run-week
 *
 * PARAMS is written by tables.py. wasm.c has the same for a browser. Step numbers and symbols are those of docs/model.md.
 */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { US, CN };
enum { BAN, TARIFF, LICENCE };
enum { BY_VALUE, BY_MIRROR, BY_UNIFORM };
enum { SIGNAL }; /* the sensor that weighs nothing */
enum { SIMULTANEOUS, US_FIRST, CN_FIRST };
enum { RETALIATE, HOLD, CONCEDE };
enum { OVERDUE, SHOCKED, MISREAD, SLOW_LICENCES, POLICY, SLIP, LAPSE, ACT, CAUSES, NONE = -1 };
enum { RUNG, LEVERAGE, SHORTAGE, PRESSURE, BELIEF, FLOW, STOCK };
enum { BINS = 256, K_MOST = 6, MOST_THRESHOLDS = 16, TALKS_BINS = 64, COUNTS = 8 };
/* Rows of `ended`. */
enum {
    OF_CLEAN,
    OF_UNDISPUTED,
    OF_STANDING,
    OF_CORE,
    ENDED
};
enum { WATCHED_RUNS = 20000 }; /* bands follow runs of an index below */
enum { RELIEF_BLOCK = 1024 };
enum { NEVER = 1 << 30 }; /* a week that no horizon reaches */
enum { WHO_LEVER = 16, WHO_SHOCK = 8192, WHO_WORLD = 2 };

/* ---------------------------------------------------------------- tables (sim/world/params.py) */

typedef struct {
    int32_t weeks;
    int8_t has_truce;
    int32_t term, extension, quiet, breakdown_after, unilateral_after;
    double rupture_rung;
    int32_t rupture_row; /* of thresholds */
    double talks_rate, talks_pressure;
    int32_t cooldown;
    double cooldown_rate;
    int32_t quiet_start, boost;
    double relief;
    int32_t relief_lag;
    int8_t relief_ordered, two_readings, sequencing;
    int32_t grace;
    int8_t flip, stage;
} Rules;

typedef struct {
    int32_t first_lever, n_levers;
    double proportionality;
    int32_t reaction_delay, stride, package;
    double hurt, slip, slip_after_talks, slip_fail, false_alarm, miss, felt, severe;
    int32_t lasting;
    double prior_good, prior_bad, memory;
    double value_learning, value_decay, retention, insistence, smoothing, spillover, reluctance;
    double audience_cost, anticipation;
    int8_t lever_choice;
    int8_t sensor;
    double threshold;
    double weigh_belief, weigh_pressure, weigh_leverage, weigh_signal, weigh_shortage, weigh_gap;
    double weigh_own_rung, weigh_other_rung, weigh_licences;
    int32_t first_start, n_starts;
    double felt0;
} ActorSpec;

typedef struct {
    int8_t owner, control;
    int32_t notches, top, level, obligation, due;
    int8_t core, listed, worldwide, owes_service, seen_owing_service;
    int32_t issue;
    double severity, friction, bite, capacity, capacity_after_talks, squeezed_share, top_share;
    double expected, promised, dependence;
    int32_t decay_from;
    double stock, stock_cap, restock, backlog, value, harm_weight, convexity, own_cost, own_gain;
    double temperature;
    int32_t demand_row;
    double demand_batch;
} LeverSpec;

typedef struct {
    int32_t week;
    double chance;
    int32_t lever;
    int8_t moves;
    int32_t amount;
    int8_t sets_capacity;
    double capacity;
    int8_t removes, talks, ends_truce;
} Shock;

typedef struct { int32_t week, lever; double share; } Programme;
typedef struct { int32_t lever; double coverage, join_rate, join_pressure; int32_t lag; } AllySpec;
typedef struct { int32_t deal, week, lever, level; } DealTerm;
typedef struct { int32_t state; double cumulative; } Start;
typedef struct { int32_t quantity, index; double scale; } Band;

typedef struct {
    Rules *rules;
    ActorSpec *actors;
    LeverSpec *levers;
    Shock *shocks;
    Programme *programmes;
    AllySpec *allies;
    double *ally_need;   /* [ally][lever] */
    DealTerm *deals;
    Start *starts;
    double *moves;       /* [state]: P(retaliate), P(retaliate or hold) */
    int32_t *following;  /* [state]: by 2 * own bad + saw bad */
    double *decay;       /* [lever][level] */
    double *poisson;     /* [row]: cumulative */
    double *gumbel;
    double *heat;        /* quantiles of the heat; none if off */
    double *stage;       /* [side]: by 2 * own bad + other bad */
    double *discounting; /* [side][week] */
    Band *bands;
    double *thresholds;  /* rungs by which standing is told; the first is 0, any violation */
    int n_thresholds;
    int n_levers, n_shocks, n_programmes, n_allies, n_terms, n_deals, n_bands;
    int decay_width, poisson_width, n_heat;
} Params;

/* ---------------------------------------------------------------- state */

typedef struct { int cause, who, item, week; } Origin;

static const Origin NO_ORIGIN = {NONE, 0, -1, 0};

typedef struct {          /* what a side remembers of a week */
    bool own_bad, saw_bad, bit, other_bad;
    double offence;
    int why, why_item;    /* why a complying side was seen bad */
    Origin other_origin;
} Memory;

typedef struct {
    int start, state, move, reading; /* reading: week acted on, 0 for none */
    bool tempted;                    /* retaliates only because it counts on talks */
    bool restrained;                 /* in its grace after talks */
    double slip, false_alarm;        /* chances of this run */
    int stretch, issue, other_issue;
    double rung, rung_own, rung_before; /* as the other side reads it, by its own reading */
    double good, bad;                /* A, B */
    double felt, pressure, bite;     /* F, G */
    double gap;                      /* y, as weighed by what is felt */
    Origin origin;
    double owed;                     /* R */
    int due, acts;                   /* week in which it is due; in which it acts, unless it waits */
    bool waits;                      /* for a good signal, from week `due` on */
    bool moved, backed_down, accuses;
    int violating;                   /* length of the run of violation */
    uint32_t luck[4];                /* words of block 0 of this week */
    Memory now;
    double payoff, harm;
} Side;

typedef struct {
    int level, level_before, counts, counts_own, counts_before, obligation;
    bool listed, gone, armed;
    bool packed;                     /* in the package of this week */
    int severe_weeks;                /* of unbroken severe shortage */
    double capacity;
    int boosted;                     /* last week of the boost */
    double omega, queue, stock, flow, third, service, service_own, shortage, value;
    Origin origin;                   /* of a core lever: why it stands above what counts */
} Lever;

typedef struct { int joined; double shortage[2]; } Ally; /* joined: week, 0 for not */

typedef struct {
    bool in_force, first;
    int expiry, mutual, last_talks, no_talks_through;
    bool forced;
    int act;                         /* the shock that ends the truce this week, or -1 */
    int clean_week, undisputed_week, standing_week, core_week, lapse_week;
    int first_talks, talks_count, renewals, unilateral_week;
    int together[MOST_THRESHOLDS];        /* weeks in a row of both at a threshold or above */
    int k_week[MOST_THRESHOLDS][K_MOST];  /* first week in which that was K */
    bool extended;
    Origin cause;
} Truce;

/* The last phi(x) met in a week by a lever, of its shortage and of its reach: runs repeat them. */
typedef struct { double shortage, harm, reach, threat; } Curve;

typedef struct {
    const Params *p;
    uint32_t key[2], run;
    uint32_t luck[4];                /* words of block 0 of the world this week */
    Side side[2];
    Lever *lever;
    Ally *ally;
    bool *struck;
    Memory *memory[2];               /* by week */
    Curve *curve;                    /* [week][lever] */
    Truce truce;
} World;

/* ---------------------------------------------------------------- draws */

static void philox(const World *w, uint32_t week, uint32_t who, uint32_t block, uint32_t c[4])
{
    uint32_t k0 = w->key[0], k1 = w->key[1];
    c[0] = w->run, c[1] = week, c[2] = who, c[3] = block;
    for (int round = 0; round < 10; round++) {
        uint64_t a = (uint64_t)0xD2511F53 * c[0], b = (uint64_t)0xCD9E8D57 * c[2];
        uint32_t next0 = (uint32_t)(b >> 32) ^ c[1] ^ k0;
        uint32_t next2 = (uint32_t)(a >> 32) ^ c[3] ^ k1;
        c[0] = next0, c[1] = (uint32_t)b, c[2] = next2, c[3] = (uint32_t)a;
        k0 += 0x9E3779B9, k1 += 0xBB67AE85;
    }
}

static double unit(uint32_t word) { return word * 0x1p-32; }

static double draw(const World *w, int week, int who, int block, int word)
{
    uint32_t c[4];
    philox(w, (uint32_t)week, (uint32_t)who, (uint32_t)block, c);
    return unit(c[word]);
}

/* ---------------------------------------------------------------- small things */

static double min(double a, double b) { return b < a ? b : a; }
static double max(double a, double b) { return b > a ? b : a; }
static int clip(int n, int high) { return n < 0 ? 0 : n > high ? high : n; }

static int first_of(const World *w, int i) { return w->p->actors[i].first_lever; }
static int end_of(const World *w, int i) { return first_of(w, i) + w->p->actors[i].n_levers; }

static double score(const World *w, int k)
{
    const LeverSpec *q = &w->p->levers[k];
    return q->harm_weight * (w->lever[k].value * w->lever[k].omega - q->own_cost);
}

static double capacity(const World *w, int k, int t)
{
    const Lever *l = &w->lever[k];
    return t <= l->boosted ? w->p->levers[k].capacity_after_talks : l->capacity;
}

static double belief(const Side *s) { return s->bad / (s->good + s->bad); }

static double harm_of(double shortage, double convexity)
{
    double x = min(shortage, 0.95);
    if (x <= 0.0)
        return 0.0;
    double left = log(1.0 - x);
    return convexity == 0.0 ? -left : exp(-convexity * left) - 1.0;
}

static double harm_met(double *last, double *harm, double shortage, double convexity)
{
    if (*last != shortage) {
        *last = shortage;
        *harm = harm_of(shortage, convexity);
    }
    return *harm;
}

/* What rises from 0 takes the cause, what falls to 0 has none. */
static void keep_origin(Origin *origin, bool above, Origin cause)
{
    if (!above)
        *origin = NO_ORIGIN;
    else if (origin->cause == NONE)
        *origin = cause;
}

/* Step 0: counts the rung anew, and which core levers stand above what counts, and why. */
static void recount(World *w, int i, Origin cause)
{
    double rung = 0.0, own = 0.0;
    for (int k = first_of(w, i); k < end_of(w, i); k++) {
        Lever *l = &w->lever[k];
        int above = l->level - l->counts, own_above = l->level - l->counts_own;
        keep_origin(&l->origin, w->p->levers[k].core && above > 0, cause);
        rung += w->p->levers[k].severity * (above > 0 ? above : 0);
        own += w->p->levers[k].severity * (own_above > 0 ? own_above : 0);
    }
    Side *s = &w->side[i];
    s->rung = rung;
    s->rung_own = own;
    keep_origin(&s->origin, rung > 0.0, cause);
}

static void list(World *w, int k)
{
    if (w->p->levers[k].control == LICENCE)
        w->lever[k].listed = true;
}

/* Puts a lever on a level; what owes service stands still at the lowest it has had. */
static void set_level(World *w, int k, int level)
{
    const LeverSpec *q = &w->p->levers[k];
    Lever *l = &w->lever[k];
    level = clip(level, q->top);
    if (level > l->level)
        list(w, k);
    l->level = level;
    if (q->seen_owing_service && l->counts > level)
        l->counts = level;
    if (q->owes_service && l->counts_own > level)
        l->counts_own = level;
}

static void pull(World *w, int k, Origin cause)
{
    const LeverSpec *q = &w->p->levers[k];
    Side *s = &w->side[q->owner];
    set_level(w, k, w->lever[k].level + 1);
    s->issue = q->issue;
    s->moved = true;
    recount(w, q->owner, cause);
}

static void take_down(World *w, int k)
{
    Side *s = &w->side[w->p->levers[k].owner];
    set_level(w, k, w->lever[k].level - 1);
    s->moved = s->backed_down = true;
    recount(w, w->p->levers[k].owner, NO_ORIGIN);
}

/* Leverage of i at the end of week t; sensed: D in place of phi(D). */
static double leverage(const World *w, int i, int t, bool sensed)
{
    Curve *curve = &w->curve[t * w->p->n_levers];
    double sum = 0.0;
    for (int k = first_of(w, i); k < end_of(w, i); k++) {
        const LeverSpec *q = &w->p->levers[k];
        const Lever *l = &w->lever[k];
        double left = 1.0 - q->bite;
        if (q->control == LICENCE)
            left = min(1.0, capacity(w, k, t) * q->top_share);
        double d = min(0.95, l->omega * (1.0 - left));
        if (d == 0.0 || l->gone)
            continue;
        double harm = d;
        if (!sensed)
            harm = harm_met(&curve[k].reach, &curve[k].threat, d, q->convexity);
        sum += q->harm_weight * harm * max(0.0, 1.0 - l->stock / (13.0 * d));
    }
    return sum;
}

/* ---------------------------------------------------------------- week 0 */

static void begin_side(World *w, int i)
{
    const ActorSpec *a = &w->p->actors[i];
    Side *s = &w->side[i];
    memset(s, 0, sizeof *s);
    s->good = a->prior_good;
    s->bad = a->prior_bad;
    s->felt = s->pressure = a->felt0;
    s->origin = NO_ORIGIN;
    s->issue = -1;
    double u = draw(w, 0, i, 1, 2);
    int row = a->first_start, last = a->first_start + a->n_starts - 1;
    while (row < last && !(w->p->starts[row].cumulative > u))
        row++;
    s->start = s->state = w->p->starts[row].state;
}

/* The heat of this run makes slips and false alarms of both sides likelier or less likely. */
static void draw_heat(World *w)
{
    const Params *p = w->p;
    double heat = p->n_heat ? p->heat[(int)(draw(w, 0, WHO_WORLD, 0, 0) * p->n_heat)] : 1.0;
    for (int i = US; i <= CN; i++) {
        const ActorSpec *a = &p->actors[i];
        w->side[i].slip = p->n_heat ? min(1.0, a->slip * heat) : a->slip;
        w->side[i].false_alarm = p->n_heat ? min(1.0 - a->miss, a->false_alarm * heat)
                                           : a->false_alarm;
    }
}

static void begin_lever(World *w, int k)
{
    const LeverSpec *q = &w->p->levers[k];
    w->lever[k] = (Lever){
        .level = q->level, .counts = q->level, .counts_own = q->level, .obligation = q->obligation,
        .listed = q->listed, .armed = true, .capacity = q->capacity,
        .omega = q->dependence, .queue = q->backlog, .stock = q->stock,
        .flow = 1.0, .third = 1.0, .service = 1.0, .service_own = 1.0, .value = q->value,
        .origin = NO_ORIGIN,
    };
}

static void begin_run(World *w, uint32_t run)
{
    const Params *p = w->p;
    w->run = run;
    for (int k = 0; k < p->n_levers; k++)
        begin_lever(w, k);
    for (int i = US; i <= CN; i++)
        begin_side(w, i);
    draw_heat(w);
    memset(w->ally, 0, sizeof *w->ally * (size_t)p->n_allies);
    memset(w->struck, 0, sizeof *w->struck * (size_t)p->n_deals);
    w->truce = (Truce){.in_force = p->rules->has_truce, .first = p->rules->has_truce,
                       .expiry = p->rules->term, .no_talks_through = p->rules->quiet_start,
                       .act = -1, .cause = NO_ORIGIN};
}

/* ---------------------------------------------------------------- steps 0 and 1 */

static void open_week(World *w, int t)
{
    for (int i = US; i <= CN; i++) {
        Side *s = &w->side[i];
        s->rung_before = s->rung_own;
        s->other_issue = w->side[1 - i].issue;
        s->moved = s->backed_down = false;
        philox(w, (uint32_t)t, (uint32_t)i, 0, s->luck);
    }
    for (int k = 0; k < w->p->n_levers; k++) {
        w->lever[k].level_before = w->lever[k].level;
        w->lever[k].counts_before = w->lever[k].counts_own;
    }
    philox(w, (uint32_t)t, WHO_WORLD, 0, w->luck);
    w->truce.forced = false;
    w->truce.act = -1;
}

static void fall_due(World *w, int t)
{
    for (int k = 0; k < w->p->n_levers; k++) {
        const LeverSpec *q = &w->p->levers[k];
        if (t != q->due + 1)
            continue;
        if (!q->seen_owing_service)
            w->lever[k].counts = w->lever[k].obligation;
        if (!q->owes_service)
            w->lever[k].counts_own = w->lever[k].obligation;
        recount(w, q->owner, (Origin){OVERDUE, q->owner, k, t});
    }
}

static void strike(World *w, int q, int t)
{
    const Shock *shock = &w->p->shocks[q];
    w->truce.forced |= shock->talks;
    if (shock->ends_truce && w->truce.act < 0)
        w->truce.act = q;
    int k = shock->lever;
    if (k < 0 || w->lever[k].gone)
        return;
    Lever *l = &w->lever[k];
    const LeverSpec *spec = &w->p->levers[k];
    if (shock->sets_capacity) {
        l->capacity = shock->capacity;
        l->boosted = 0;
    }
    if (shock->moves)
        set_level(w, k, shock->moves == 1 ? l->level + shock->amount : shock->amount);
    if (shock->removes) {
        l->gone = true;
        l->level = 0;
        l->queue = l->shortage = 0.0;
        l->flow = l->third = l->service = l->service_own = 1.0;
    }
    recount(w, spec->owner, (Origin){SHOCKED, spec->owner, q, t});
}

/* The level to which relief brings a lever: where it owes service, down to that if it is short. */
static int relief_level(const World *w, int k)
{
    const LeverSpec *q = &w->p->levers[k];
    const Lever *l = &w->lever[k];
    bool short_of_promise = q->owes_service && l->service_own < q->promised;
    return short_of_promise && l->obligation < l->counts_own ? l->obligation : l->counts_own;
}

static double relief_rung(const World *w, int i)
{
    double rung = 0.0;
    for (int k = first_of(w, i); k < end_of(w, i); k++) {
        int above = w->lever[k].level - relief_level(w, k);
        rung += w->p->levers[k].severity * (above > 0 ? above : 0);
    }
    return rung;
}

/* l: the share of what was left to learn of a lever's worth that has been learned. */
static double learned(const World *w, int k)
{
    double start = w->p->levers[k].value, more = w->lever[k].value - start;
    return more > 0.0 ? more / (1.0 - start) : 0.0;
}

static void relieve(World *w, int i, int t)
{
    Side *s = &w->side[i];
    bool ordered = w->p->rules->relief_ordered;
    if (!(s->owed > 0.0) || s->waits || (ordered ? t < s->acts : t != s->acts))
        return;
    double dearest = 0.0;
    for (int k = first_of(w, i); k < end_of(w, i); k++)
        if (w->lever[k].level > relief_level(w, k))
            dearest = max(dearest, learned(w, k));
    double share = w->p->rules->relief * (1.0 - w->p->actors[i].insistence * dearest);
    double target = (1.0 - share) * s->owed;
    double u = draw(w, t, i, RELIEF_BLOCK, 0);
    while (relief_rung(w, i) > target) {
        int best = -1;
        for (int k = first_of(w, i); k < end_of(w, i); k++)
            if (w->lever[k].level > relief_level(w, k)
                && (!ordered || u < 1.0 - w->p->levers[k].friction)
                && (best < 0 || score(w, k) < score(w, best)))
                best = k;
        if (best < 0)
            break;
        take_down(w, best);
    }
    if (!ordered || !(relief_rung(w, i) > target))
        s->owed = 0.0;
}

static void dated_things(World *w, int t)
{
    const Params *p = w->p;
    fall_due(w, t);
    for (int q = 0; q < p->n_shocks; q++) {
        const Shock *shock = &p->shocks[q];
        bool strikes = shock->week == t;
        if (!strikes && shock->chance > 0.0)
            strikes = draw(w, t, WHO_SHOCK + q, 0, 0) < shock->chance;
        if (strikes)
            strike(w, q, t);
    }
    for (int g = 0; g < p->n_programmes; g++)
        if (p->programmes[g].week == t) {
            Lever *l = &w->lever[p->programmes[g].lever];
            l->omega = max(0.0, l->omega - p->programmes[g].share);
        }
    for (int m = 0; m < p->n_allies; m++)
        if (w->ally[m].joined > 0 && t == w->ally[m].joined + p->allies[m].lag) {
            Lever *l = &w->lever[p->allies[m].lever];
            l->omega = min(1.0, l->omega + p->allies[m].coverage);
        }
    relieve(w, US, t);
    relieve(w, CN, t);
}

/* ---------------------------------------------------------------- step 2: intend */

/* The chance that talks would have in a week as things stand (step 10). */
static double chance_of_talks(const World *w, int week)
{
    const Rules *rules = w->p->rules;
    const Side *us = &w->side[US], *cn = &w->side[CN];
    double chance = min(1.0, rules->talks_rate
                                 + rules->talks_pressure * max(us->pressure, cn->pressure));
    if (week <= w->truce.no_talks_through)
        chance = rules->cooldown_rate;
    chance *= max(0.0, 1.0 - w->p->actors[US].reluctance * cn->rung);
    chance *= max(0.0, 1.0 - w->p->actors[CN].reluctance * us->rung);
    return chance;
}

/* Whether i, about to hold or concede, expects talks before the answer and takes its chance. */
static bool counts_on_talks(const World *w, int i, int t)
{
    double a = w->p->actors[i].anticipation;
    if (!(a > 0.0))
        return false;
    int delay = w->p->actors[1 - i].reaction_delay;
    double none = 1.0;
    for (int tau = t; tau <= t + (delay < 13 ? delay : 13); tau++)
        none *= 1.0 - chance_of_talks(w, tau);
    return draw(w, t, i, 1, 3) < a * (1.0 - none);
}

static bool is_candidate(const World *w, int k)
{
    const Lever *l = &w->lever[k];
    return !l->gone && !l->packed && l->level < w->p->levers[k].top
           && l->level >= l->counts_before;
}

/* Whether i has just met the other side, or waits for relief that is not late. */
static bool in_grace(const World *w, int i, int t)
{
    int grace = w->p->rules->grace, met = w->truce.last_talks;
    if (grace == 0 || met == 0)
        return false;
    const Side *other = &w->side[1 - i];
    return t <= met + grace || (other->owed > 0.0 && t <= other->due);
}

/* Whether i answers a bad sight it would have let pass, having learned what a lever is worth. */
static bool insists(const World *w, int i, int t)
{
    const Side *s = &w->side[i];
    if (!(w->p->actors[i].insistence > 0.0) || s->reading == 0 || !w->memory[i][s->reading].saw_bad)
        return false;
    double most = 0.0;
    for (int k = first_of(w, i); k < end_of(w, i); k++)
        if (is_candidate(w, k))
            most = max(most, learned(w, k));
    double chance = w->p->actors[i].insistence * most;
    return chance > 0.0 && draw(w, t, i, 1, 2) < chance;
}

static void intend(World *w, int i, int t)
{
    Side *s = &w->side[i];
    int tau = t - 1 - w->p->actors[i].reaction_delay;
    if (tau < 1 || tau <= w->truce.last_talks) {
        s->state = s->start;
        s->reading = 0;
    } else {
        const Memory *m = &w->memory[i][tau];
        s->state = w->p->following[4 * s->state + 2 * m->own_bad + m->bit];
        s->reading = tau;
    }
    double u = unit(s->luck[0]);
    const double *moves = &w->p->moves[2 * s->state];
    s->move = u < moves[0] ? RETALIATE : u < moves[1] ? HOLD : CONCEDE;
    s->restrained = in_grace(w, i, t);
    s->tempted = false;
    if (s->restrained) {
        if (s->move == RETALIATE)
            s->move = HOLD;
    } else if (s->move != RETALIATE) {
        s->tempted = counts_on_talks(w, i, t);
        if (s->tempted || insists(w, i, t))
            s->move = RETALIATE;
    }
    if (s->move != RETALIATE)
        s->stretch = 0;
    else if (s->stretch == 0)
        s->stretch = t;
}

/* ---------------------------------------------------------------- step 3: execute */

static int choose_by_value(const World *w, int i, int t)
{
    double best_score = 0.0;
    int best = -1;
    for (int k = first_of(w, i); k < end_of(w, i); k++) {
        if (!is_candidate(w, k))
            continue;
        double value = score(w, k), softness = w->p->levers[k].temperature;
        if (softness > 0.0) {
            double u = draw(w, t, WHO_LEVER + k, 0, 1);
            value += softness * w->p->gumbel[(int)(4096.0 * u)];
        }
        if (best < 0 || value > best_score)
            best = k, best_score = value;
    }
    return best;
}

static int choose_by_mirror(const World *w, int i)
{
    int issue = w->side[i].other_issue;
    for (int k = first_of(w, i); k < end_of(w, i); k++)
        if (issue >= 0 && is_candidate(w, k) && w->p->levers[k].issue == issue)
            return k;
    return -1;
}

static int choose_by_uniform(const World *w, int i, int t, int j)
{
    int count = 0;
    for (int k = first_of(w, i); k < end_of(w, i); k++)
        count += is_candidate(w, k);
    if (count == 0)
        return -1;
    int index = (int)(draw(w, t, i, 2 + j / 4, j % 4) * count);
    for (int k = first_of(w, i);; k++)
        if (is_candidate(w, k) && index-- == 0)
            return k;
}

/* The lever that i pulls as its j-th notch of the week, or -1. */
static int choose(const World *w, int i, int t, int j)
{
    int choice = w->p->actors[i].lever_choice, k = -1;
    if (choice == BY_UNIFORM)
        return choose_by_uniform(w, i, t, j);
    if (choice == BY_MIRROR)
        k = choose_by_mirror(w, i);
    return k >= 0 ? k : choose_by_value(w, i, t);
}

/* The cause that a chosen pull of lever k gives to a rise from 0. */
static Origin cause_of_choice(const World *w, int i, int k, int t)
{
    const Side *s = &w->side[i];
    if (s->reading > 0 && !s->tempted) {
        const Memory *m = &w->memory[i][s->reading];
        if (m->other_bad)
            return m->other_origin;
        if (w->p->actors[i].sensor == SIGNAL && m->saw_bad) {
            if (m->why == MISREAD)
                return (Origin){MISREAD, i, k, t};
            return (Origin){SLOW_LICENCES, 1 - i, m->why_item, t};
        }
    }
    return (Origin){POLICY, i, k, t};
}

static void retaliate(World *w, int i, int t)
{
    const ActorSpec *a = &w->p->actors[i];
    Side *s = &w->side[i];
    bool answers = s->reading > 0 && !s->tempted;
    double offence = answers ? w->memory[i][s->reading].offence : 1.0;
    double rung = a->proportionality * max(1.0, offence), reached = s->rung_before;
    if (answers)
        rung *= 1.0 + a->hurt * s->felt;
    Origin cause = NO_ORIGIN;
    int most = a->package > 0 ? a->package : a->stride;
    for (int j = 0; j < most; j++) {
        int k = choose(w, i, t, j);
        if (k < 0)
            return;
        int notch = w->lever[k].level + 1;
        double severity = w->p->levers[k].severity;
        double u = draw(w, s->stretch, WHO_LEVER + k, 1 + notch / 4, notch % 4);
        if (!(u < (rung - reached) / severity))
            return;
        if (cause.cause == NONE)
            cause = cause_of_choice(w, i, k, t);
        pull(w, k, cause);
        w->lever[k].packed = a->package > 0;
        reached += severity;
    }
}

static void concede(World *w, int i, int t)
{
    int best = -1;
    bool best_counts = false;
    for (int k = first_of(w, i); k < end_of(w, i); k++) {
        const Lever *l = &w->lever[k];
        if (l->level <= l->obligation || l->level_before <= l->obligation)
            continue;
        bool counts = l->level > l->counts_before;
        if (best < 0 || counts > best_counts
            || (counts == best_counts && score(w, k) < score(w, best)))
            best = k, best_counts = counts;
    }
    if (best < 0)
        return;
    double willing = 1.0 - w->p->actors[i].retention * w->lever[best].value;
    double price = w->p->actors[i].insistence * learned(w, best);
    if (draw(w, t, i, 1, 1) < (1.0 - w->p->levers[best].friction) * willing * (1.0 - price))
        take_down(w, best);
}

/* An agency pulls one notch of its own choosing. */
static void slip(World *w, int i, int t)
{
    int count = 0, free_of_core[w->p->n_levers + 1];
    for (int k = first_of(w, i); k < end_of(w, i); k++)
        if (!w->p->levers[k].core && !w->lever[k].gone
            && w->lever[k].level < w->p->levers[k].notches)
            free_of_core[count++] = k;
    if (count == 0)
        return;
    int k = free_of_core[(int)(draw(w, t, i, 1, 0) * count)];
    pull(w, k, (Origin){SLIP, i, k, t});
}

static void act(World *w, int i, int t)
{
    if (w->side[i].move == RETALIATE) {
        retaliate(w, i, t);
        for (int k = first_of(w, i); k < end_of(w, i); k++)
            w->lever[k].packed = false;
    } else if (w->side[i].move == CONCEDE)
        concede(w, i, t);
}

static void execute(World *w, int i, int t)
{
    const ActorSpec *a = &w->p->actors[i];
    Side *s = &w->side[i];
    double slipping = s->restrained ? s->slip * a->slip_after_talks : s->slip;
    bool slips = unit(s->luck[2]) < slipping;
    if (!w->p->rules->flip) {
        bool fails = s->move == RETALIATE && unit(s->luck[1]) < a->slip_fail;
        if (!fails)
            act(w, i, t);
        if (slips)
            slip(w, i, t);
    } else if (!slips) {
        act(w, i, t);
    } else if (s->move == RETALIATE) {
        concede(w, i, t);
    } else {
        int k = choose(w, i, t, 0);
        if (k >= 0)
            pull(w, k, (Origin){SLIP, i, k, t});
    }
}

/* ---------------------------------------------------------------- step 4: supply */

static double allowed(const LeverSpec *q, int level)
{
    if (level > q->notches)
        return q->top_share;
    return 1.0 - (1.0 - q->squeezed_share) * level / q->notches;
}

static double demand(const World *w, int k, int t)
{
    const LeverSpec *q = &w->p->levers[k];
    if (q->demand_row < 0)
        return 1.0;
    const double *table = &w->p->poisson[q->demand_row * w->p->poisson_width];
    double u = draw(w, t, WHO_LEVER + k, 0, 0);
    int count = 0;
    while (count < w->p->poisson_width && table[count] <= u)
        count++;
    return count / q->demand_batch;
}

static void serve(World *w, int k, int t)
{
    const LeverSpec *q = &w->p->levers[k];
    Lever *l = &w->lever[k];
    l->service = l->service_own = l->flow = l->third = 1.0;
    if (l->listed && !l->gone) {
        double m = capacity(w, k, t), waiting = l->queue + demand(w, k, t);
        double share = allowed(q, q->seen_owing_service ? l->obligation : l->counts);
        double own_share = allowed(q, q->owes_service ? l->obligation : l->counts_own);
        l->flow = min(waiting, m * allowed(q, l->level));
        l->queue = waiting - l->flow;
        if (q->worldwide)
            l->third = min(1.0, m);
        if (share > 0.0)
            l->service = min(1.0, l->flow / share);
        if (own_share > 0.0)
            l->service_own = min(1.0, l->flow / own_share);
    } else if (!l->gone && q->control != LICENCE) {
        l->flow = 1.0 - q->bite * l->level / q->notches;
        if (q->worldwide)
            l->third = l->flow;
    }
}

static void supply(World *w, int k, int t)
{
    const LeverSpec *q = &w->p->levers[k];
    Lever *l = &w->lever[k];
    serve(w, k, t);
    double arrives = 1.0 - l->omega * (1.0 - l->flow);
    double used = min(1.0, l->stock + arrives);
    l->shortage = 1.0 - used;
    if (l->shortage < 1e-12)
        l->shortage = 0.0;
    l->stock = max(0.0, min(q->stock_cap, l->stock + (arrives - used)));
    if (l->flow >= 1.0 && l->queue < 1e-12)
        l->stock = min(q->stock_cap, l->stock + q->restock);
    if (t >= q->decay_from)
        l->omega *= w->p->decay[k * w->p->decay_width + l->level];
}

static void supply_all(World *w, int t)
{
    for (int i = US; i <= CN; i++) {
        Side *s = &w->side[i];
        s->bite = 0.0;
        s->now.own_bad = s->rung_own > 0.0;
        for (int k = first_of(w, i); k < end_of(w, i); k++) {
            supply(w, k, t);
            s->bite += w->p->levers[k].harm_weight * w->lever[k].shortage;
            if (w->lever[k].listed && w->lever[k].service_own < w->p->levers[k].promised)
                s->now.own_bad = true;
        }
    }
}

/* ---------------------------------------------------------------- step 5: payoffs */

static void pay(World *w, int i, int t)
{
    const Params *p = w->p;
    Side *s = &w->side[i], *other = &w->side[1 - i];
    Curve *curve = &w->curve[t * p->n_levers];
    double gain = 0.0, harm = 0.0;
    for (int k = first_of(w, i); k < end_of(w, i); k++) {
        const LeverSpec *q = &p->levers[k];
        const Lever *l = &w->lever[k];
        if (l->level > 0 || l->flow < 1.0)
            gain += q->harm_weight
                    * (q->own_gain * l->level / q->notches
                       - q->own_cost * (1.0 - min(1.0, l->flow)));
    }
    for (int k = first_of(w, 1 - i); k < end_of(w, 1 - i); k++) {
        double x = w->lever[k].shortage;
        if (x > 0.0)
            harm += p->levers[k].harm_weight
                    * harm_met(&curve[k].shortage, &curve[k].harm, x, p->levers[k].convexity);
    }
    double payoff = gain - harm;
    if (s->backed_down && other->rung > 0.0)
        payoff -= p->actors[i].audience_cost;
    if (p->rules->stage)
        payoff = p->stage[4 * i + 2 * s->now.own_bad + other->now.own_bad];
    double weight = p->discounting[i * (p->rules->weeks + 1) + t];
    s->payoff += weight * payoff;
    s->harm += weight * harm;
}

/* ---------------------------------------------------------------- step 6: see */

/* The widest gap y between service and what i expects, not yet felt; k: the lever. */
static double widest_gap(const World *w, int i, int *lever)
{
    double widest = 0.0;
    *lever = -1;
    for (int k = first_of(w, 1 - i); k < end_of(w, 1 - i); k++) {
        double expected = w->p->levers[k].expected;
        if (!w->lever[k].listed || !(expected > 0.0))
            continue;
        double gap = max(0.0, expected - w->lever[k].service) / expected;
        if (*lever < 0 || gap > widest)
            widest = gap, *lever = k;
    }
    return widest;
}

/* The whole severity of the gravest measure whose slow licences left i in severe shortage for so
 * long; 0 for none. */
static double denial(World *w, int i)
{
    const ActorSpec *a = &w->p->actors[i];
    double gravest = 0.0;
    for (int k = first_of(w, 1 - i); k < end_of(w, 1 - i); k++) {
        const LeverSpec *q = &w->p->levers[k];
        Lever *l = &w->lever[k];
        if (a->lasting == 0 || !l->listed || !(q->expected > 0.0))
            continue;
        l->severe_weeks = q->harm_weight * l->shortage >= a->severe ? l->severe_weeks + 1 : 0;
        if (l->severe_weeks >= a->lasting && l->service < q->expected)
            gravest = max(gravest, q->severity * q->notches);
    }
    return gravest;
}

static void see(World *w, int i, int t)
{
    const ActorSpec *a = &w->p->actors[i];
    Side *s = &w->side[i], *other = &w->side[1 - i];
    Memory *now = &s->now;
    int k;
    double denied = denial(w, i), alarm = s->false_alarm;
    double y = widest_gap(w, i, &k) * (a->felt + (1.0 - a->felt) * s->felt);
    s->gap = y;
    double chance = alarm + (1.0 - alarm - a->miss) * y;
    now->other_bad = other->rung > 0.0;
    if (now->other_bad)
        chance = 1.0 - a->miss;
    double u = unit(s->luck[3]);
    now->saw_bad = u < chance;
    now->offence = 1.0;
    now->why = NONE;
    now->why_item = -1;
    if (now->saw_bad) {
        now->offence = max(max(1.0, other->rung), denied);
        if (k >= 0)
            now->offence = max(now->offence, y * w->p->levers[k].severity);
        if (!now->other_bad) {
            now->why = u < alarm ? MISREAD : SLOW_LICENCES;
            now->why_item = now->why == MISREAD ? -1 : k;
        }
    }
    if (s->waits && t >= s->due && !now->saw_bad) {
        s->waits = false;
        s->acts = t + 1;
    }
}

/* ---------------------------------------------------------------- step 7: learn */

static void learn(World *w, int i, int t)
{
    const ActorSpec *a = &w->p->actors[i];
    Side *s = &w->side[i];
    s->good = a->memory * s->good + (s->now.saw_bad ? 0.0 : 1.0);
    s->bad = a->memory * s->bad + (s->now.saw_bad ? 1.0 : 0.0);
    s->accuses = s->bad > s->good;
    if (!(s->bite > 0.0))
        return;
    bool talked = w->truce.last_talks > 0 && w->truce.last_talks == t - 1;
    bool reacted = w->side[1 - i].moved || talked;
    for (int k = first_of(w, i); k < end_of(w, i); k++) {
        Lever *l = &w->lever[k];
        if (!(l->shortage > 0.0))
            continue;
        double part = w->p->levers[k].harm_weight * l->shortage / s->bite;
        if (reacted)
            l->value += a->value_learning * part * (1.0 - l->value);
        else
            l->value -= a->value_decay * l->value;
    }
}

/* ---------------------------------------------------------------- step 8 */

/* Shortage that the global levers of each side cause each ally. */
static void leave_allies_short(World *w)
{
    const Params *p = w->p;
    for (int m = 0; m < p->n_allies; m++)
        w->ally[m].shortage[US] = w->ally[m].shortage[CN] = 0.0;
    for (int k = 0; k < p->n_levers; k++) {
        double missing = 1.0 - w->lever[k].third;
        if (!p->levers[k].worldwide || !(missing > 0.0))
            continue;
        for (int m = 0; m < p->n_allies; m++) {
            double *most = &w->ally[m].shortage[p->levers[k].owner];
            *most = max(*most, p->ally_need[m * p->n_levers + k] * missing);
        }
    }
}

static void press(World *w, int i)
{
    const ActorSpec *a = &w->p->actors[i];
    Side *s = &w->side[i];
    double allies = 0.0;
    for (int m = 0; m < w->p->n_allies; m++)
        allies += w->ally[m].shortage[i];
    if (w->p->n_allies > 0)
        allies /= w->p->n_allies;
    s->felt = min(1.0, w->side[1 - i].bite);
    s->pressure = (1.0 - a->smoothing) * s->pressure
                  + a->smoothing * min(1.0, s->felt + a->spillover * allies);
}

static void allies_join(World *w, int t)
{
    uint32_t luck[4];
    memcpy(luck, w->luck, sizeof luck);
    for (int m = 0; m < w->p->n_allies; m++) {
        const AllySpec *ally = &w->p->allies[m];
        if ((m + 1) % 4 == 0)
            philox(w, (uint32_t)t, WHO_WORLD, (uint32_t)(m + 1) / 4, luck);
        if (ally->lever < 0 || w->ally[m].joined > 0)
            continue;
        int bitten = 1 - w->p->levers[ally->lever].owner;
        double chance = ally->join_rate + ally->join_pressure * w->ally[m].shortage[bitten];
        if (unit(luck[(m + 1) % 4]) < min(1.0, chance))
            w->ally[m].joined = t;
    }
}

/* Mean flow of the goods of j's licence offices, each at most 1; 1 without any. */
static double let_through(const World *w, int j)
{
    double total = 0.0;
    int offices = 0;
    for (int k = first_of(w, j); k < end_of(w, j); k++)
        if (w->p->levers[k].control == LICENCE)
            total += min(1.0, w->lever[k].flow), offices++;
    return offices ? total / offices : 1.0;
}

/* What i's sensor reads: a weighted sum, in this order. */
static double weighed(const World *w, int i, int t)
{
    const Side *s = &w->side[i];
    const ActorSpec *a = &w->p->actors[i];
    double total = a->weigh_belief * belief(s);
    total += a->weigh_pressure * s->pressure;
    if (a->weigh_leverage != 0.0)
        total += a->weigh_leverage * leverage(w, i, t, true);
    total += a->weigh_signal * s->now.saw_bad;
    total += a->weigh_shortage * s->felt;
    total += a->weigh_gap * s->gap;
    total += a->weigh_own_rung * s->rung_own;
    total += a->weigh_other_rung * w->side[1 - i].rung;
    if (a->weigh_licences != 0.0)
        total += a->weigh_licences * let_through(w, 1 - i);
    return total;
}

static void remember(World *w, int i, int t)
{
    Side *s = &w->side[i];
    const ActorSpec *a = &w->p->actors[i];
    s->now.bit = a->sensor == SIGNAL ? s->now.saw_bad : weighed(w, i, t) > a->threshold;
    s->now.other_origin = w->side[1 - i].origin;
    w->memory[i][t] = s->now;
}

/* ---------------------------------------------------------------- step 9: truce */

static void first_week(int *week, int t)
{
    if (*week == 0)
        *week = t;
}

/* Ends the truce in force, marks the end of `core`, arms levers. */
static void enforce(World *w, int t)
{
    Truce *truce = &w->truce;
    bool above = false, breach = false;
    for (int k = 0; k < w->p->n_levers; k++) {
        Lever *l = &w->lever[k];
        if (!w->p->levers[k].core)
            continue;
        bool stands_above = l->level > l->counts;
        above |= stands_above;
        breach |= stands_above && l->armed;
        l->armed |= !stands_above;
    }
    bool by_act = truce->act >= 0 && truce->in_force;
    if (above || (by_act && truce->first))
        first_week(&truce->core_week, t);
    if (truce->in_force && (breach || by_act))
        truce->in_force = false;
}

/* The core lever above what counts that has been so for the earliest cause. */
static Origin origin_of_core(const World *w)
{
    const Origin *first = NULL;
    for (int k = 0; k < w->p->n_levers; k++) {
        const Lever *l = &w->lever[k];
        if (w->p->levers[k].core && l->level > l->counts
            && (first == NULL || l->origin.week < first->week))
            first = &l->origin;
    }
    return *first;
}

static Origin trigger(const World *w, int t, bool by_act)
{
    const Truce *truce = &w->truce;
    const Rules *rules = w->p->rules;
    if (by_act)
        return (Origin){ACT, US, truce->act, t};
    if (truce->lapse_week > 0 && truce->lapse_week < t)
        return (Origin){LAPSE, US, -1, t};
    if (truce->core_week == t)
        return origin_of_core(w);
    bool both = truce->mutual >= rules->breakdown_after;
    bool us = both || w->side[US].violating >= rules->unilateral_after;
    bool cn = both || w->side[CN].violating >= rules->unilateral_after;
    if (us && cn)
        cn = w->side[CN].origin.week < w->side[US].origin.week;
    return w->side[cn ? CN : US].origin;
}

static void account(World *w, int t)
{
    const Rules *rules = w->p->rules;
    Truce *truce = &w->truce;
    bool us = w->side[US].rung > 0.0, cn = w->side[CN].rung > 0.0;
    truce->mutual = us && cn ? truce->mutual + 1 : 0;
    for (int r = 0; r < w->p->n_thresholds; r++) {
        double rung = w->p->thresholds[r];
        bool both = us && cn && w->side[US].rung >= rung && w->side[CN].rung >= rung;
        truce->together[r] = both ? truce->together[r] + 1 : 0;
        if (truce->together[r] >= 1 && truce->together[r] <= K_MOST)
            first_week(&truce->k_week[r][truce->together[r] - 1], t);
    }
    w->side[US].violating = us ? w->side[US].violating + 1 : 0;
    w->side[CN].violating = cn ? w->side[CN].violating + 1 : 0;
    if (us || cn)
        first_week(&truce->clean_week, t);
    if (!rules->has_truce)
        return;
    bool by_act = truce->act >= 0 && truce->in_force && truce->first;
    enforce(w, t);
    bool alone = w->side[US].violating >= rules->unilateral_after
                 || w->side[CN].violating >= rules->unilateral_after;
    if (alone)
        first_week(&truce->unilateral_week, t);
    bool gone = truce->core_week > 0 || (truce->lapse_week > 0 && truce->lapse_week < t);
    bool dispute = truce->mutual == rules->breakdown_after || alone;
    bool rupture = rules->rupture_rung > 0.0
                   ? truce->together[rules->rupture_row] == rules->breakdown_after : dispute;
    if ((gone || dispute) && truce->undisputed_week == 0) {
        truce->undisputed_week = t;
        truce->cause = trigger(w, t, by_act);
    }
    if (gone || rupture)
        first_week(&truce->standing_week, t);
}

/* ---------------------------------------------------------------- step 10: talks */

static bool talks_are_held(const World *w, int t)
{
    const Rules *rules = w->p->rules;
    const Side *us = &w->side[US], *cn = &w->side[CN];
    if (w->truce.forced)
        return true;
    bool strained = us->rung > 0.0 || cn->rung > 0.0 || us->now.saw_bad || cn->now.saw_bad
                    || (rules->has_truce && !w->truce.in_force);
    return strained && unit(w->luck[0]) < chance_of_talks(w, t);
}

static void strike_deals(World *w, int t)
{
    bool due[w->p->n_deals + 1];
    for (int d = 0; d < w->p->n_deals; d++)
        due[d] = false;
    for (int n = 0; n < w->p->n_terms; n++) {
        const DealTerm *term = &w->p->deals[n];
        if (w->struck[term->deal] || term->week > t)
            continue;
        due[term->deal] = true;
        Lever *l = &w->lever[term->lever];
        if (l->gone)
            continue;
        set_level(w, term->lever, term->level);
        l->counts = l->counts_own = l->obligation = term->level;
    }
    for (int d = 0; d < w->p->n_deals; d++)
        w->struck[d] |= due[d];
    recount(w, US, NO_ORIGIN);
    recount(w, CN, NO_ORIGIN);
}

static void owe_relief(World *w, int t)
{
    const Rules *rules = w->p->rules;
    for (int i = US; i <= CN; i++) {
        Side *s = &w->side[i];
        s->owed = relief_rung(w, i);
        s->due = s->acts = t + rules->relief_lag;
        s->waits = (rules->sequencing == US_FIRST && i == CN)
                   || (rules->sequencing == CN_FIRST && i == US);
    }
}

static void renew(World *w, int t)
{
    Truce *truce = &w->truce;
    truce->in_force = true;
    truce->first = false;
    truce->expiry = w->p->rules->term < NEVER ? t + w->p->rules->term : NEVER;
    truce->renewals += 1;
    for (int k = 0; k < w->p->n_levers; k++)
        w->lever[k].armed = w->lever[k].level <= w->lever[k].counts;
}

static void talk(World *w, int t)
{
    const Rules *rules = w->p->rules;
    Truce *truce = &w->truce;
    first_week(&truce->first_talks, t);
    truce->talks_count += 1;
    truce->last_talks = t;
    truce->no_talks_through = t + rules->cooldown;
    truce->mutual = 0;
    memset(truce->together, 0, sizeof truce->together);
    for (int i = US; i <= CN; i++) {
        w->side[i].state = w->side[i].start;
        w->side[i].violating = 0;
    }
    for (int k = 0; k < w->p->n_levers; k++)
        w->lever[k].boosted = t + rules->boost;
    strike_deals(w, t);
    owe_relief(w, t);
    if (rules->has_truce && !truce->in_force)
        renew(w, t);
}

/* ---------------------------------------------------------------- step 11: expiry */

static void expire(World *w, int t)
{
    const Rules *rules = w->p->rules;
    Truce *truce = &w->truce;
    if (!truce->in_force || t != truce->expiry)
        return;
    bool talked = truce->last_talks > 0 && truce->last_talks > t - rules->quiet;
    if ((w->side[US].accuses || w->side[CN].accuses) && !talked) {
        truce->in_force = false;
        if (truce->first)
            truce->lapse_week = t;
        return;
    }
    truce->expiry += rules->extension;
    if (truce->first)
        truce->extended = true;
}

/* Steps 0 to 4. */
static void act_and_supply(World *w, int t)
{
    open_week(w, t);
    dated_things(w, t);
    intend(w, US, t), intend(w, CN, t);
    execute(w, US, t), execute(w, CN, t);
    supply_all(w, t);
}

/* Steps 6 to 11. */
static void see_and_conclude(World *w, int t)
{
    see(w, US, t), see(w, CN, t);
    learn(w, US, t), learn(w, CN, t);
    leave_allies_short(w);
    press(w, US), press(w, CN);
    allies_join(w, t);
    remember(w, US, t), remember(w, CN, t);
    account(w, t);
    if (talks_are_held(w, t))
        talk(w, t);
    expire(w, t);
}

static void one_week(World *w, int t)
{
    act_and_supply(w, t);
    pay(w, US, t), pay(w, CN, t);
    see_and_conclude(w, t);
}

/* ---------------------------------------------------------------- tally (sim/engines/tally.py) */

typedef struct {
    int64_t *counts, *ended, *by_definition, *trigger, *first_talks, *talks_number, *conduct, *hist, *bands_sum;
    int64_t *payoffs, *joined, *all;
    size_t size;
    int items;
} Tally;

static Tally new_tally(const Params *p)
{
    size_t weeks = (size_t)p->rules->weeks, bands = (size_t)p->n_bands;
    int items = p->n_levers > p->n_shocks ? p->n_levers : p->n_shocks;
    size_t size[] = {COUNTS, ENDED * (weeks + 2),
                     (size_t)p->n_thresholds * K_MOST * (weeks + 2),
                     CAUSES * 2 * (size_t)(items + 1) * (weeks + 2), weeks + 2, TALKS_BINS, (weeks + 1) * 4, bands * (weeks + 1) * BINS,
                     bands * (weeks + 1), 12, (size_t)p->n_allies * (weeks + 2)};
    Tally y = {.items = items};
    for (int f = 0; f < 11; f++)
        y.size += size[f];
    y.all = calloc(y.size, sizeof *y.all);
    int64_t **field[] = {&y.counts, &y.ended, &y.by_definition, &y.trigger, &y.first_talks,
                         &y.talks_number, &y.conduct, &y.hist, &y.bands_sum, &y.payoffs, &y.joined};
    int64_t *next = y.all;
    for (int f = 0; f < 11; f++) {
        *field[f] = next;
        next += size[f];
    }
    return y;
}

static int64_t fixed(double value)
{
    double scaled = value * 0x1p24;
    return scaled >= 0.0 ? (int64_t)(scaled + 0.5) : (int64_t)(scaled - 0.5);
}

static double band_value(const World *w, const Band *band, int t)
{
    int n = band->index;
    switch (band->quantity) {
    case RUNG: return w->side[n].rung;
    case LEVERAGE: return leverage(w, n, t, false);
    case SHORTAGE: return w->side[n].felt;
    case PRESSURE: return w->side[n].pressure;
    case BELIEF: return belief(&w->side[n]);
    case FLOW: return w->lever[n].flow;
    default: return w->lever[n].stock;
    }
}

static int band_bin(double value, double scale)
{
    if (value <= 0.0)
        return 0;
    double scaled = value * scale;
    return scaled >= 254.0 ? 255 : 1 + (int)scaled;
}

static void tally_week(const World *w, Tally *y, int t)
{
    int weeks = w->p->rules->weeks;
    y->conduct[4 * t + 2 * w->side[US].now.own_bad + w->side[CN].now.own_bad] += 1;
    if (w->run >= WATCHED_RUNS)
        return;
    for (int v = 0; v < w->p->n_bands; v++) {
        const Band *band = &w->p->bands[v];
        double value = band_value(w, band, t);
        int row = v * (weeks + 1) + t;
        y->hist[row * BINS + band_bin(value, band->scale)] += 1;
        y->bands_sum[row] += fixed(value);
    }
}

static int column(int week, int weeks) { return week > 0 ? week : weeks + 1; }

static int earlier(int a, int b) { return a < b ? a : b; }

static int standing_at(const World *w, int r, int k)
{
    const Truce *truce = &w->truce;
    int weeks = w->p->rules->weeks, first = column(truce->k_week[r][k], weeks);
    if (!w->p->rules->has_truce)
        return weeks + 1;
    if (w->p->thresholds[r] <= 0.0)
        first = earlier(first, column(truce->unilateral_week, weeks));
    first = earlier(first, column(truce->core_week, weeks));
    return truce->lapse_week > 0 ? earlier(first, truce->lapse_week + 1) : first;
}

static void add_moments(int64_t *moments, double value)
{
    int64_t square = fixed(value * value);
    moments[0] += fixed(value);
    moments[1] += square >> 32;
    moments[2] += square & 0xFFFFFFFF;
}

/* One run in the row of an outcome that ends in a week (0: never). */
static void count_end(Tally *y, int row, int week, int weeks)
{
    y->ended[row * (weeks + 2) + column(week, weeks)] += 1;
}

static void tally_run(const World *w, Tally *y)
{
    const Truce *run = &w->truce;
    int weeks = w->p->rules->weeks, wide = weeks + 2;
    y->counts[0] += 1;
    y->counts[1] += run->extended;
    y->counts[2] += run->lapse_week > 0;
    y->counts[3] += run->first_talks > 0;
    y->counts[4] += run->talks_count;
    y->counts[5] += run->renewals;
    y->counts[6] += run->extended
                    || (run->lapse_week > 0 && run->lapse_week == w->p->rules->term);
    y->counts[7] += w->run < WATCHED_RUNS;
    count_end(y, OF_CLEAN, run->clean_week, weeks);
    count_end(y, OF_UNDISPUTED, run->undisputed_week, weeks);
    count_end(y, OF_STANDING, run->standing_week, weeks);
    count_end(y, OF_CORE, run->core_week, weeks);
    for (int r = 0; r < w->p->n_thresholds; r++)
        for (int k = 0; k < K_MOST; k++)
            y->by_definition[(r * K_MOST + k) * wide + standing_at(w, r, k)] += 1;
    const Origin *cause = &run->cause;
    if (cause->cause != NONE) {
        int item = cause->item >= 0 ? cause->item : y->items;
        int row = (cause->cause * 2 + cause->who) * (y->items + 1) + item;
        y->trigger[row * wide + run->undisputed_week] += 1;
    }
    y->first_talks[column(run->first_talks, weeks)] += 1;
    y->talks_number[earlier(run->talks_count, TALKS_BINS - 1)] += 1;
    for (int i = US; i <= CN; i++) {
        add_moments(&y->payoffs[6 * i], w->side[i].payoff);
        add_moments(&y->payoffs[6 * i + 3], w->side[i].harm);
    }
    for (int m = 0; m < w->p->n_allies; m++)
        y->joined[m * wide + column(w->ally[m].joined, weeks)] += 1;
}

typedef struct {
    int32_t clean_week, undisputed_week, standing_week, core_week, lapse_week;
    int8_t extended;
    int32_t first_talks, talks_count;
    int8_t cause, cause_who;
    int32_t cause_item, cause_week;
    double payoff_us, payoff_cn, harm_us, harm_cn;
} Row;

static Row row_of(const World *w)
{
    const Truce *run = &w->truce;
    Row row;
    memset(&row, 0, sizeof row);
    row.clean_week = run->clean_week;
    row.undisputed_week = run->undisputed_week;
    row.standing_week = run->standing_week;
    row.core_week = run->core_week;
    row.lapse_week = run->lapse_week;
    row.extended = run->extended;
    row.first_talks = run->first_talks;
    row.talks_count = run->talks_count;
    row.cause = (int8_t)run->cause.cause;
    row.cause_who = (int8_t)run->cause.who;
    row.cause_item = run->cause.item;
    row.cause_week = run->cause.week;
    row.payoff_us = w->side[US].payoff;
    row.payoff_cn = w->side[CN].payoff;
    row.harm_us = w->side[US].harm;
    row.harm_cn = w->side[CN].harm;
    return row;
}

/* ---------------------------------------------------------------- trace */

static void trace_side(const World *w, int i, int t)
{
    const Side *s = &w->side[i];
    printf("{\"start\":%d,\"state\":%d,\"move\":%d,\"reading\":%d,\"stretch\":%d,\"issue\":%d,",
           s->start, s->state, s->move, s->reading, s->stretch, s->issue);
    printf("\"rung\":%.17g,\"rung_own\":%.17g,\"good\":%.17g,\"bad\":%.17g,\"felt\":%.17g,\"pressure\":%.17g,",
           s->rung, s->rung_own, s->good, s->bad, s->felt, s->pressure);
    printf("\"bite\":%.17g,\"owed\":%.17g,\"due\":%d,\"waits\":%d,\"moved\":%d,\"backed_down\":%d,",
           s->bite, s->owed, s->due, s->waits, s->moved, s->backed_down);
    printf("\"origin\":[%d,%d,%d,%d],\"violating\":%d,\"leverage\":%.17g,\"sensed\":%.17g,",
           s->origin.cause, s->origin.who, s->origin.item, s->origin.week, s->violating,
           leverage(w, i, t, false), leverage(w, i, t, true));
    printf("\"own_bad\":%d,\"saw_bad\":%d,\"bit\":%d,\"offence\":%.17g,\"why\":[%d,%d],",
           s->now.own_bad, s->now.saw_bad, s->now.bit, s->now.offence, s->now.why,
           s->now.why_item);
    printf("\"payoff\":%.17g,\"harm\":%.17g}", s->payoff, s->harm);
}

static void trace_lever(const Lever *l)
{
    printf("{\"level\":%d,\"counts\":%d,\"counts_own\":%d,\"obligation\":%d,\"listed\":%d,",
           l->level, l->counts, l->counts_own, l->obligation, l->listed);
    printf("\"gone\":%d,\"armed\":%d,", l->gone, l->armed);
    printf("\"capacity\":%.17g,\"boosted\":%d,\"omega\":%.17g,\"queue\":%.17g,\"stock\":%.17g,",
           l->capacity, l->boosted, l->omega, l->queue, l->stock);
    printf("\"flow\":%.17g,\"third\":%.17g,\"service\":%.17g,\"service_own\":%.17g,",
           l->flow, l->third, l->service, l->service_own);
    printf("\"shortage\":%.17g,\"value\":%.17g}", l->shortage, l->value);
}

static void trace_week(const World *w, int t)
{
    const Truce *truce = &w->truce;
    printf("{\"week\":%d,\"in_force\":%d,\"first\":%d,\"expiry\":%d,\"mutual\":%d,", t,
           truce->in_force, truce->first, truce->expiry, truce->mutual);
    printf("\"last_talks\":%d,\"cooldown\":%d,\"sides\":[", truce->last_talks,
           truce->no_talks_through);
    trace_side(w, US, t);
    printf(",");
    trace_side(w, CN, t);
    printf("],\"levers\":[");
    for (int k = 0; k < w->p->n_levers; k++) {
        printf(k ? "," : "");
        trace_lever(&w->lever[k]);
    }
    printf("],\"joined\":[");
    for (int m = 0; m < w->p->n_allies; m++)
        printf(m ? ",%d" : "%d", w->ally[m].joined);
    printf("]}\n");
}

/* ---------------------------------------------------------------- files */

static void fail(const char *what)
{
#ifdef __wasm__ /* no streams there: the host sees a trap */
    (void)what;
    __builtin_trap();
#else
    fprintf(stderr, "week: %s\n", what);
    exit(2);
#endif
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        fail("cannot read the tables");
    long size = ftell(file);
    rewind(file);
    char *text = malloc((size_t)size + 1);
    if (!text || fread(text, 1, (size_t)size, file) != (size_t)size)
        fail("cannot read the tables");
    fclose(file);
    if (size < 8)
        fail("cannot read the tables");
    return text;
}

/* The table at *at, whose items must have `size` bytes; moves *at behind it. */
static void *next_table(char **at, size_t size, int *rows, int *columns)
{
    int64_t head[3];
    memcpy(head, *at, sizeof head);
    if ((size_t)head[2] != size)
        fail("a record of another size");
    char *table = *at + sizeof head;
    size_t bytes = (size_t)(head[0] * head[1] * head[2]);
    *at = table + (bytes + 7) / 8 * 8;
    *rows = (int)head[0];
    *columns = (int)head[1];
    return table;
}

/* The tables in a text that tables.py wrote; they stay in it. */
static Params read_params(char *at)
{
    Params p;
    int rows, columns;
    if (memcmp(at, "DETENTE1", 8) != 0)
        fail("not the tables of a scenario");
    at += 8;
    p.rules = next_table(&at, sizeof(Rules), &rows, &columns);
    p.actors = next_table(&at, sizeof(ActorSpec), &rows, &columns);
    p.levers = next_table(&at, sizeof(LeverSpec), &p.n_levers, &columns);
    p.shocks = next_table(&at, sizeof(Shock), &p.n_shocks, &columns);
    p.programmes = next_table(&at, sizeof(Programme), &p.n_programmes, &columns);
    p.allies = next_table(&at, sizeof(AllySpec), &p.n_allies, &columns);
    p.ally_need = next_table(&at, sizeof(double), &rows, &columns);
    p.deals = next_table(&at, sizeof(DealTerm), &p.n_terms, &columns);
    p.starts = next_table(&at, sizeof(Start), &rows, &columns);
    p.moves = next_table(&at, sizeof(double), &rows, &columns);
    p.following = next_table(&at, sizeof(int32_t), &rows, &columns);
    p.decay = next_table(&at, sizeof(double), &rows, &p.decay_width);
    p.poisson = next_table(&at, sizeof(double), &rows, &p.poisson_width);
    p.gumbel = next_table(&at, sizeof(double), &rows, &columns);
    p.heat = next_table(&at, sizeof(double), &p.n_heat, &columns);
    p.stage = next_table(&at, sizeof(double), &rows, &columns);
    p.discounting = next_table(&at, sizeof(double), &rows, &columns);
    p.bands = next_table(&at, sizeof(Band), &p.n_bands, &columns);
    p.thresholds = next_table(&at, sizeof(double), &p.n_thresholds, &columns);
    if (p.n_thresholds > MOST_THRESHOLDS)
        fail("too many thresholds");
    p.n_deals = 0;
    for (int n = 0; n < p.n_terms; n++)
        if (p.deals[n].deal >= p.n_deals)
            p.n_deals = p.deals[n].deal + 1;
    return p;
}

static World new_world(const Params *p, uint64_t seed)
{
    World w = {.p = p, .key = {(uint32_t)seed, (uint32_t)(seed >> 32)}};
    size_t weeks = (size_t)p->rules->weeks;
    w.lever = calloc((size_t)p->n_levers + 1, sizeof *w.lever);
    w.ally = calloc((size_t)p->n_allies + 1, sizeof *w.ally);
    w.struck = calloc((size_t)p->n_deals + 1, sizeof *w.struck);
    w.curve = calloc((weeks + 1) * (size_t)p->n_levers + 1, sizeof *w.curve);
    for (int i = US; i <= CN; i++)
        w.memory[i] = calloc(weeks + 1, sizeof *w.memory[i]);
    if (!w.curve || !w.lever || !w.ally || !w.struck || !w.memory[US] || !w.memory[CN])
        fail("no memory");
    return w;
}

/* ---------------------------------------------------------------- modes */

static void play_rows(World *w, uint32_t first, uint32_t runs, FILE *out)
{
    for (uint32_t r = 0; r < runs; r++) {
        begin_run(w, first + r);
        for (int t = 1; t <= w->p->rules->weeks; t++)
            one_week(w, t);
        Row row = row_of(w);
        fwrite(&row, sizeof row, 1, out);
    }
}

static void play_tally(World *w, uint32_t first, uint32_t runs, Tally *y)
{
    for (uint32_t r = 0; r < runs; r++) {
        begin_run(w, first + r);
        for (int t = 1; t <= w->p->rules->weeks; t++) {
            one_week(w, t);
            tally_week(w, y, t);
        }
        tally_run(w, y);
    }
}

static void play_trace(World *w, uint32_t run)
{
    begin_run(w, run);
    for (int t = 1; t <= w->p->rules->weeks; t++) {
        one_week(w, t);
        trace_week(w, t);
    }
}

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1e9 * (double)now.tv_sec + (double)now.tv_nsec;
}

static FILE *target(int argc, char **argv)
{
    FILE *out = argc == 7 ? fopen(argv[6], "wb") : NULL;
    if (!out)
        fail("cannot write the file after the mode");
    return out;
}

int main(int argc, char **argv)
{
    if (argc < 6)
        fail("PARAMS SEED FIRST RUNS --rows FILE | --tally FILE | --trace | --bench");
    Params p = read_params(read_file(argv[1]));
    World w = new_world(&p, strtoull(argv[2], NULL, 10));
    uint32_t first = (uint32_t)strtoul(argv[3], NULL, 10);
    uint32_t runs = (uint32_t)strtoul(argv[4], NULL, 10);
    const char *mode = argv[5];
    if (strcmp(mode, "--trace") == 0) {
        play_trace(&w, first);
    } else if (strcmp(mode, "--rows") == 0) {
        FILE *out = target(argc, argv);
        play_rows(&w, first, runs, out);
        fclose(out);
    } else if (strcmp(mode, "--tally") == 0 || strcmp(mode, "--bench") == 0) {
        Tally y = new_tally(&p);
        double before = now_ns();
        play_tally(&w, first, runs, &y);
        double ns = now_ns() - before;
        if (mode[2] == 'b') {
            printf("%.1f\n", ns / runs / p.rules->weeks);
        } else {
            FILE *out = target(argc, argv);
            fwrite(y.all, sizeof *y.all, y.size, out);
            fclose(out);
        }
    } else {
        fail("an unknown mode");
    }
    return 0;
}
