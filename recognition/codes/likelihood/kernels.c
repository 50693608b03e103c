/* The inner loops of the likelihood stage. What each computes is written out in numpy in reference.py, under the same name, and tests hold
 * the two to each other.
 *
 * Plain C99 and sqrt: every sum runs in one fixed order and nothing is contracted (-ffp-contract=off), so that the same picture gives the
 * same numbers on every machine. Nothing is allocated and nothing kept between calls. The caller owns every array; all are contiguous, in the
 * order of their shapes, and as large as reference.py says. A call returns 0, or -1 for sizes beyond those below.
 */
#include <math.h>
#include <string.h>

#define LONGEST 2048    /* samples of a profile */
#define MOST_SAMPLES 20 /* of a cell: two a module, for nine modules and half a one beyond each end */
#define MOST_PLACES 512 /* of a model: four a module of the longest code */
#define INKS 5
#define BLURS 14
#define FINE 8 /* samples of a module before the blur */
#define ALTERNATIVES 20
#define CELLS 12

int correlations(const float *profile, int length, const double *widths, int many, int modules, const float *templates, int groups,
                 int per_group, double contrast, float *best, float *worst)
{
    float samples[MOST_SAMPLES][LONGEST], before[LONGEST + 64], after[LONGEST + 64];
    float mean[LONGEST], norm[LONGEST], dot[LONGEST];
    int count = 2 * (modules + 1);

    if (length < 2 || length > LONGEST || count > MOST_SAMPLES)
        return -1;
    for (int i = 0; i < length + 64; i++) {
        int at = i - 8 < 0 ? 0 : i - 8 > length - 2 ? length - 2 : i - 8;
        before[i] = profile[at];
        after[i] = profile[at + 1];
    }
    for (int w = 0; w < many; w++) {
        int starts = (int)(length - ceil((modules + 1) * widths[w]) - 1);
        float share = 1.f / count, flat = (float)(count * contrast * contrast);

        for (int g = 0; g < groups; g++)
            for (int x = 0; x < length; x++) {
                best[(g * many + w) * length + x] = -1.f;
                worst[(g * many + w) * length + x] = 1.f;
            }
        if (starts < 2)
            continue;
        memset(mean, 0, sizeof(float) * starts);
        for (int k = 0; k < count; k++) {
            double at = ((k + .5) / 2 - .5) * widths[w];
            int whole = (int)floor(at);
            float part = (float)(at - whole), rest = 1.f - part;
            const float *a = before + whole + 8, *b = after + whole + 8;
            float *y = samples[k];
            for (int x = 0; x < starts; x++) {
                y[x] = a[x] * rest + b[x] * part;
                mean[x] += y[x];
            }
        }
        for (int x = 0; x < starts; x++)
            norm[x] = flat;
        for (int k = 0; k < count; k++)
            for (int x = 0; x < starts; x++) {
                float v = samples[k][x] - mean[x] * share;
                samples[k][x] = v;
                norm[x] += v * v;
            }
        for (int x = 0; x < starts; x++)
            norm[x] = 1.f / sqrtf(norm[x]);
        for (int g = 0; g < groups; g++) {
            float *hi = best + (g * many + w) * length, *lo = worst + (g * many + w) * length;
            for (int x = 0; x < starts; x++) {
                hi[x] = -1e9f;
                lo[x] = 1e9f;
            }
            for (int t = 0; t < per_group; t++) {
                const float *shape = templates + (g * per_group + t) * count;
                memset(dot, 0, sizeof(float) * starts);
                for (int k = 0; k + 3 < count; k += 4) {
                    const float *y0 = samples[k], *y1 = samples[k + 1], *y2 = samples[k + 2], *y3 = samples[k + 3];
                    float s0 = shape[k], s1 = shape[k + 1], s2 = shape[k + 2], s3 = shape[k + 3];
                    for (int x = 0; x < starts; x++)
                        dot[x] += (s0 * y0[x] + s1 * y1[x]) + (s2 * y2[x] + s3 * y3[x]);
                }
                for (int k = count & ~3; k < count; k++)
                    for (int x = 0; x < starts; x++)
                        dot[x] += shape[k] * samples[k][x];
                for (int x = 0; x < starts; x++) {
                    hi[x] = dot[x] > hi[x] ? dot[x] : hi[x];
                    lo[x] = dot[x] < lo[x] ? dot[x] : lo[x];
                }
            }
            for (int x = 0; x < starts; x++) {
                hi[x] *= norm[x];
                lo[x] *= norm[x];
            }
        }
    }
    return 0;
}

/* Staying, or coming from the neighbour before or behind at a cost: the best of the three, and which (0, 1, -1). */
static void best_of_three(const float *here, const float *before, const float *behind, float cost, int length, float *best, signed char *choice)
{
    for (int x = 0; x < length; x++) {
        float s = here[x], z = before[x] - cost;
        signed char k = 0;
        k = z > s ? 1 : k;
        s = z > s ? z : s;
        z = behind[x] - cost;
        k = z > s ? -1 : k;
        s = z > s ? z : s;
        best[x] = s;
        choice[x] = k;
    }
}

int segmented(const float *scores, const int *kind, const int *modules, int cells, const double *widths, int many, int length, float cost,
              signed char *slips, signed char *steps, float *value, float *moved, int *starts, int *chosen, double *score)
{
    float row[LONGEST + 2];
    int total = 0, at = 0, x, w;

    if (length > LONGEST)
        return -1;
    for (int i = 0; i < cells; i++)
        total += modules[i];
    for (int i = 0; i < many * length; i++)
        value[i] = scores[(long)kind[0] * many * length + i] * modules[0];
    for (int i = 1; i < cells; i++) {
        for (w = 0; w < many; w++) {
            int ahead = (int)floor(modules[i - 1] * widths[w] + .5);
            for (x = 0; x < length + 2; x++)
                row[x] = -1e9f;
            for (x = 0; x < length - ahead; x++)
                row[x + ahead + 1] = value[w * length + x];
            best_of_three(row + 1, row, row + 2, cost, length, moved + w * length, slips + ((long)i * many + w) * length);
        }
        for (w = 0; w < many; w++) {
            const float *here = moved + w * length, *narrower = moved + (w ? w - 1 : 0) * length;
            const float *wider = moved + (w < many - 1 ? w + 1 : w) * length, *fits = scores + ((long)kind[i] * many + w) * length;
            float *v = value + w * length;
            best_of_three(here, narrower, wider, cost, length, v, steps + ((long)i * many + w) * length);
            for (x = 0; x < length; x++)
                v[x] += fits[x] * modules[i];
        }
    }
    for (int i = 1; i < many * length; i++)
        if (value[i] > value[at])
            at = i;
    *score = value[at] / total;
    w = at / length;
    x = at % length;
    for (int i = cells - 1; i >= 0; i--) {
        starts[i] = x;
        chosen[i] = w;
        if (i == 0)
            break;
        w -= steps[((long)i * many + w) * length + x];
        w = w < 0 ? 0 : w > many - 1 ? many - 1 : w;
        x -= slips[((long)i * many + w) * length + x] + (int)floor(modules[i - 1] * widths[w] + .5);
        x = x < 0 ? 0 : x > length - 1 ? length - 1 : x;
    }
    return 0;
}

int blurred(const double *modules, int count, int ink, const double *kernel, int half, int radius, const double *norm, const double *place,
            double *code, double *moments)
{
    double fine[MOST_PLACES / 4 * FINE];
    int last = count * FINE - 1, grown = ink < 0 ? -ink : ink;

    if (count * 4 > MOST_PLACES)
        return -1;
    for (int j = 0; j <= last; j++) {
        double v = modules[j / FINE];
        for (int k = j - grown; k <= j + grown; k++)
            if (k >= 0 && k <= last) {
                double u = modules[k / FINE];
                v = ink > 0 ? (u > v ? u : v) : (u < v ? u : v);
            }
        fine[j] = v;
    }
    memset(moments, 0, sizeof(double) * 11);
    for (int i = 0; i < count * 4; i++) {
        int from = 2 * i - radius < 0 ? 0 : 2 * i - radius, to = 2 * i + radius > last ? last : 2 * i + radius;
        double sum = 0, power = 1;
        for (int j = from; j <= to; j++)
            sum += fine[j] * kernel[2 * i - j + half];
        code[i] = sum / norm[i];
        for (int k = 0; k < 6; k++) {
            moments[k] += power * code[i];
            if (k < 5)
                moments[6 + k] += power * code[i] * code[i];
            power *= place[i];
        }
    }
    return 0;
}

/* Solves h x = b in place for a symmetric positive definite h of n rows, 12 apart; 0 where it is not definite. */
static int solved(double h[12][12], double *b, int n)
{
    for (int j = 0; j < n; j++) {
        double s = h[j][j];
        for (int k = 0; k < j; k++)
            s -= h[j][k] * h[j][k];
        if (!(s > 0))
            return 0;
        h[j][j] = sqrt(s);
        for (int i = j + 1; i < n; i++) {
            double v = h[i][j];
            for (int k = 0; k < j; k++)
                v -= h[i][k] * h[j][k];
            h[i][j] = v / h[j][j];
        }
    }
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++)
            b[i] -= h[i][k] * b[k];
        b[i] /= h[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++)
            b[i] -= h[k][i] * b[k];
        b[i] /= h[i][i];
    }
    return 1;
}

static double warped(const double *warp, double u)
{
    return warp[0] + u * (warp[1] + u * (warp[2] + u * (warp[3] + u * warp[4])));
}

int sampled(const float *profile, int length, const double *warp, const double *place, int places, double *position, double *value)
{
    double end = length - 1.001;

    for (int i = 0; i < places; i++) {
        double x = warped(warp, place[i]), v = x < 0 ? 0 : x > end ? end : x;
        int whole = (int)v;
        double part = v - whole;
        position[i] = x;
        value[i] = profile[whole] * (1 - part) + profile[whole + 1] * part;
    }
    return 0;
}

int fitted(const float *profile, int length, double *warp, int *blur, int *ink, int rounds, const double *modules, int count,
           const double *place, const double *place_moments, const double *kernels, int half, const int *radii, const double *norms,
           double *codes, double *moments, unsigned char *known, double *value, double *linear, double *quality)
{
    int places = count * 4;
    double position[MOST_PLACES], h[12][12], b[12], trial[7], left[3] = {0, 0, 0}, squares = 0, best = 0, line[4] = {0, 0, 0, 0};
    const double *pm = place_moments;

    if (places > MOST_PLACES || length < 2)
        return -1;
    for (int round = 0; round <= rounds; round++) {
        int best_blur = *blur, best_ink = *ink;
        sampled(profile, length, warp, place, places, position, value);
        squares = 0;
        memset(line, 0, sizeof line);
        for (int i = 0; i < places; i++) {
            double v = value[i];
            squares += v * v;
            for (int k = 0; k < 4; k++) {
                line[k] += v;
                v *= place[i];
            }
        }
        best = 1e300;
        for (int d = *ink - 1; d <= *ink + 1; d++)
            for (int s = *blur - 1; s <= *blur + 1; s++) {
                int at = d * BLURS + s;
                const double *code = codes + (long)at * places, *m = moments + at * 11;
                double along[3] = {0, 0, 0}, rest = squares;
                if (d < 0 || d >= INKS || s < 0 || s >= BLURS || (d != *ink && s != *blur))
                    continue;
                if (!known[at]) {
                    blurred(modules, count, d - 1, kernels + (long)s * (2 * half + 1), half, radii[s], norms + (long)s * places, place,
                            codes + (long)at * places, moments + at * 11);
                    known[at] = 1;
                }
                for (int i = 0; i < places; i++) {
                    double v = code[i] * value[i];
                    for (int k = 0; k < 3; k++) {
                        along[k] += v;
                        v *= place[i];
                    }
                }
                for (int i = 0; i < 4; i++) {
                    for (int j = 0; j < 4; j++)
                        h[i][j] = pm[i + j];
                    for (int j = 0; j < 3; j++)
                        h[4 + j][i] = -m[i + j];
                    b[i] = line[i];
                }
                for (int i = 0; i < 3; i++) {
                    for (int j = 0; j < 3; j++)
                        h[4 + i][4 + j] = m[6 + i + j];
                    b[4 + i] = -along[i];
                }
                for (int i = 0; i < 7; i++)
                    h[i][i] += 1e-4;
                memcpy(trial, b, sizeof trial);
                if (!solved(h, trial, 7))
                    continue;
                for (int i = 0; i < 7; i++)
                    rest -= trial[i] * (b[i] + 1e-4 * trial[i]);
                if (pm[0] * trial[4] + pm[1] * trial[5] + pm[2] * trial[6] <= 0)
                    rest = 2 * (squares - line[0] * line[0] / places);
                if (rest < best) {
                    best = rest;
                    best_blur = s;
                    best_ink = d;
                    memcpy(linear, trial, sizeof trial);
                    memcpy(left, along, sizeof left);
                }
            }
        *blur = best_blur;
        *ink = best_ink;
        if (round == rounds)
            break;
        {
            const double *code = codes + (long)(*ink * BLURS + *blur) * places, *m = moments + (*ink * BLURS + *blur) * 11;
            double s1[8] = {0}, s2[7] = {0}, s3[9] = {0}, s4[5] = {0}, trace = 0, farthest = 0, least = 1e300, next[5], shrink;
            for (int i = 0; i < places; i++) {
                int i0 = i ? i - 1 : 0, i1 = i < places - 1 ? i + 1 : i;
                double slope = (position[i1] - position[i0]) / (i1 - i0), s, c, ss, sy;
                s = -((value[i1] - value[i0]) / (i1 - i0)) / (slope > .2 ? slope : .2);
                c = s * code[i];
                ss = s * s;
                sy = s * value[i];
                for (int k = 0; k < 9; k++) {
                    if (k < 8)
                        s1[k] += s;
                    if (k < 7)
                        s2[k] += c;
                    s3[k] += ss;
                    if (k < 5)
                        s4[k] += sy;
                    s *= place[i];
                    c *= place[i];
                    ss *= place[i];
                    sy *= place[i];
                }
            }
            for (int i = 0; i < 4; i++) {
                for (int j = 0; j < 4; j++)
                    h[i][j] = pm[i + j];
                for (int j = 0; j < 3; j++)
                    h[4 + j][i] = -m[i + j];
                for (int j = 0; j < 5; j++)
                    h[7 + j][i] = s1[i + j];
                b[i] = line[i];
            }
            for (int i = 0; i < 3; i++) {
                for (int j = 0; j < 3; j++)
                    h[4 + i][4 + j] = m[6 + i + j];
                for (int j = 0; j < 5; j++)
                    h[7 + j][4 + i] = -s2[i + j];
                b[4 + i] = -left[i];
            }
            for (int i = 0; i < 5; i++) {
                for (int j = 0; j < 5; j++)
                    h[7 + i][7 + j] = s3[i + j];
                b[7 + i] = s4[i];
            }
            for (int i = 0; i < 12; i++)
                trace += h[i][i];
            for (int i = 0; i < 12; i++)
                h[i][i] += 1e-6 * trace / 12;
            if (!solved(h, b, 12))
                continue;
            for (int i = 0; i < places; i++) {
                double moved = fabs(warped(b + 7, place[i]));
                farthest = moved > farthest ? moved : farthest;
            }
            shrink = farthest > 1.5 ? 1.5 / farthest : 1;
            for (int k = 0; k < 5; k++)
                next[k] = warp[k] + shrink * b[7 + k];
            for (int i = 1; i < places; i++) {
                double gone = warped(next, place[i]) - warped(next, place[i - 1]);
                least = gone < least ? gone : least;
            }
            if (least * 4 > 1)
                memcpy(warp, next, sizeof next);
        }
    }
    {
        double det = pm[0] * pm[2] - pm[1] * pm[1], level = (pm[2] * line[0] - pm[1] * line[1]) / det, tilt = (pm[0] * line[1] - pm[1] * line[0]) / det;
        double flat = squares - level * line[0] - tilt * line[1];
        quality[0] = best;
        quality[1] = 1 - best / (flat > 1e-9 ? flat : 1e-9);
    }
    return 0;
}

int darkness(const float *profile, int length, const double *first, const double *span, const double *bend, int rows, double bright_left,
             double bright_right, int places, float *dark, double *variance, float *energy)
{
    double end = length - 1.001;

    for (int r = 0; r < rows; r++) {
        double sum = 0, inner = 0, squares = 0;
        float scale;
        for (int i = 0; i < places; i++) {
            double module = (i + .5) / 4 - 3, t = module / 95, x = first[r] + span[r] * t + bend[r] * (4 * t * (1 - t)), part, v;
            int whole;
            x = x < 0 ? 0 : x > end ? end : x;
            whole = (int)x;
            part = x - whole;
            v = bright_left + (bright_right - bright_left) * (module + 3) / 101 - (profile[whole] * (1 - part) + profile[whole + 1] * part);
            dark[(long)i * rows + r] = (float)v;
            sum += v;
            squares += v * v;
            if (i >= 12 && i < places - 12)
                inner += v;
        }
        inner /= places - 24;
        if (inner < 1)
            inner = 1;
        variance[r] = (squares - sum * sum / places) / inner / inner;
        energy[r] = (float)(squares / inner / inner);
        scale = (float)inner;
        for (int i = 0; i < places; i++)
            dark[(long)i * rows + r] /= scale;
    }
    return 0;
}

int projected(const float *dark, int rows, const float *spread, int modules, int radius, float *onto)
{
    int places = modules * 4;

    for (int j = 0; j < modules; j++) {
        float *out = onto + (long)j * rows;
        int from = 4 * j - radius < 0 ? 0 : 4 * j - radius, to = 4 * j + 3 + radius > places - 1 ? places - 1 : 4 * j + 3 + radius;
        for (int r = 0; r < rows; r++)
            out[r] = 0;
        for (int i = from; i <= to; i++) {
            const float *d = dark + (long)i * rows;
            float k = spread[i * modules + j];
            for (int r = 0; r < rows; r++)
                out[r] += k * d[r];
        }
    }
    return 0;
}

static int alternatives_of(int cell) { return cell < CELLS / 2 ? ALTERNATIVES : ALTERNATIVES / 2; }

static void costs(const float *onto, int rows, float gain, int cell, const int *starts, const float *single, const float *shapes, float *out)
{
    for (int k = 0; k < alternatives_of(cell); k++) {
        float *o = out + (long)k * rows;
        for (int r = 0; r < rows; r++)
            o[r] = single[cell * ALTERNATIVES + k];
        for (int m = 0; m < 7; m++)
            if (shapes[(cell * ALTERNATIVES + k) * 7 + m] > 0) {
                const float *z = onto + (long)(starts[cell] + m) * rows;
                for (int r = 0; r < rows; r++)
                    o[r] -= 2 * gain * z[r];
            }
    }
}

int joint(const float *onto, const float *energy, int rows, float gain, const float *fixed, int modules, float fixed_energy,
          const float *single, const float *pair, const float *shapes, const int *starts, float *scratch, float *residual)
{
    float *now = scratch, *next = scratch + (long)ALTERNATIVES * rows, *own = scratch + 2l * ALTERNATIVES * rows;

    costs(onto, rows, gain, 0, starts, single, shapes, now);
    for (int i = 0; i + 1 < CELLS; i++) {
        float *swap = now;
        costs(onto, rows, gain, i + 1, starts, single, shapes, own);
        for (int k = 0; k < alternatives_of(i + 1); k++) {
            float *o = next + (long)k * rows;
            const float *u = own + (long)k * rows;
            for (int r = 0; r < rows; r++)
                o[r] = 1e30f;
            for (int j = 0; j < alternatives_of(i); j++) {
                const float *f = now + (long)j * rows;
                float v = pair[(i * ALTERNATIVES + j) * ALTERNATIVES + k];
                for (int r = 0; r < rows; r++) {
                    float s = f[r] + v;
                    o[r] = s < o[r] ? s : o[r];
                }
            }
            for (int r = 0; r < rows; r++)
                o[r] += u[r];
        }
        now = next;
        next = swap;
    }
    for (int r = 0; r < rows; r++) {
        float least = now[r];
        for (int k = 1; k < alternatives_of(CELLS - 1); k++)
            least = now[(long)k * rows + r] < least ? now[(long)k * rows + r] : least;
        residual[r] = least + gain * gain * energy[r] + fixed_energy;
    }
    for (int j = 0; j < modules; j++)
        if (fixed[j] > 0)
            for (int r = 0; r < rows; r++)
                residual[r] -= 2 * gain * onto[(long)j * rows + r];
    return 0;
}

int lattice(const double *cells, const int *weights, int families, int digits, double *best)
{
    for (int f = 0; f < families; f++)
        for (int i = digits; i >= 0; i--)
            for (int r = 0; r < 10; r++) {
                const double *own = cells + ((long)f * digits + i) * 10, *after = best + ((long)f * (digits + 1) + i + 1) * 10;
                double most = i < digits || r == 0 ? 0 : -1e9;
                for (int d = 0, to = r; i < digits && d < 10; d++) {
                    double v = own[d] + after[to];
                    most = d == 0 || v > most ? v : most;
                    to += weights[f * digits + i];
                    to -= to >= 10 ? 10 : 0;
                }
                best[((long)f * (digits + 1) + i) * 10 + r] = most;
            }
    return 0;
}
