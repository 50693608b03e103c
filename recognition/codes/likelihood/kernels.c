/* The inner loops of the likelihood stage. What each computes is written out in numpy in reference.py, under the same name, and tests hold
 * the two to each other.
 *
 * Plain C99 and sqrt: every sum runs in one fixed order and nothing is contracted (-ffp-contract=off), so that the same picture gives the
 * same numbers on every machine. Nothing is allocated and nothing kept between calls. The caller owns every array; all are contiguous, in the
 * order of their shapes, and as large as reference.py says. A call returns 0, or -1 for sizes beyond those below.
 */
#include <math.h>
#include <string.h>

/* Where a processor has wider registers they are used: each lane does what it would do alone, so the numbers stay the same. */
#if defined(__x86_64__) && defined(__gnu_linux__) && (defined(__clang__) ? __clang_major__ >= 14 : __GNUC__ >= 8)
#define WIDE __attribute__((target_clones("avx2", "default")))
#else
#define WIDE
#endif
#define INLINE static inline __attribute__((always_inline))

#define LONGEST 2048    /* samples of a profile */
#define MOST_SAMPLES 20 /* of a cell: two a module, for nine modules and half a one beyond each end */
#define TILE 64         /* starts of a cell that are worked on together, so that what they need stays near */
#define HALF 8          /* of a digit's samples */
#define MOST_WIDTHS 32
#define MOST_CELLS 16
#define MOST_PLACES 512 /* of a model: four a module of the longest code */
#define INKS 5
#define BLURS 14
#define FINE 8 /* samples of a module before the blur */
#define ALTERNATIVES 20
#define CELLS 12
#define MOST_ROWS 512 /* points of a grid */
#define MOST_COLUMNS 1024 /* of a picture whose gradients are asked for */

/* Samples of the cell that starts at each x, less their mean, and 1 / norm; how many starts there are. */
INLINE int cells_at(const float *before, const float *after, int length, double width, int modules, double contrast,
                    float (*samples)[LONGEST + TILE], float *norm)
{
    float mean[LONGEST];
    int count = 2 * (modules + 1), starts = (int)(length - ceil((modules + 1) * width) - 1);
    float share = 1.f / count, flat = (float)(count * contrast * contrast);

    if (starts < 2)
        return 0;
    memset(mean, 0, sizeof(float) * starts);
    for (int k = 0; k < count; k++) {
        double at = ((k + .5) / 2 - .5) * width;
        int whole = (int)floor(at);
        float part = (float)(at - whole), rest = 1.f - part, *y = samples[k];
        const float *a = before + whole + 8, *b = after + whole + 8;
        for (int x = 0; x < starts; x++) {
            y[x] = a[x] * rest + b[x] * part;
            mean[x] += y[x];
        }
        memset(y + starts, 0, sizeof(float) * TILE);
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
    return starts;
}

/* The better of a guard's pictures under each blur. */
INLINE void guard_fits(float (*samples)[LONGEST + TILE], const float *norm, int starts, int count, const float *shapes, int many, float *fits)
{
    for (int from = 0; from < starts; from += TILE) {
        int here = starts - from < TILE ? starts - from : TILE;
        float dot[TILE], most[TILE];
        for (int x = 0; x < TILE; x++)
            most[x] = -1e9f;
        for (int t = 0; t < many; t++) {
            for (int x = 0; x < TILE; x++)
                dot[x] = 0;
            for (int k = 0; k < count; k++)
                for (int x = 0; x < TILE; x++)
                    dot[x] += shapes[t * count + k] * samples[k][from + x];
            for (int x = 0; x < TILE; x++)
                most[x] = dot[x] > most[x] ? dot[x] : most[x];
        }
        for (int x = 0; x < here; x++)
            fits[from + x] = most[x] * norm[from + x];
    }
}

/* All digits at once. A picture of G is that of A mirrored and negative. So what the even and the odd half of a picture give, p and q, serve both: p + q is A's, q - p is G's;
 * and the right side's are the negatives of A. */
INLINE void digit_fits(float (*samples)[LONGEST + TILE], const float *norm, int starts, const float *halves, int many, float *odd_fits,
                       float *either_fits, float *right_fits)
{
    for (int from = 0; from < starts; from += TILE) {
        int here = starts - from < TILE ? starts - from : TILE;
        float even[HALF][TILE], odd[HALF][TILE], most[TILE], least[TILE], other[TILE];
        for (int k = 0; k < HALF; k++)
            for (int x = 0; x < TILE; x++) {
                float left = samples[k][from + x], mirrored = samples[2 * HALF - 1 - k][from + x];
                even[k][x] = left + mirrored;
                odd[k][x] = left - mirrored;
            }
        for (int x = 0; x < TILE; x++) {
            most[x] = other[x] = -1e9f;
            least[x] = 1e9f;
        }
        for (int t = 0; t < many; t++) {
            const float *s = halves + t * 2 * HALF;
            for (int x = 0; x < TILE; x++) {
                float p = ((s[0] * even[0][x] + s[1] * even[1][x]) + (s[2] * even[2][x] + s[3] * even[3][x])) +
                          ((s[4] * even[4][x] + s[5] * even[5][x]) + (s[6] * even[6][x] + s[7] * even[7][x]));
                float q = ((s[8] * odd[0][x] + s[9] * odd[1][x]) + (s[10] * odd[2][x] + s[11] * odd[3][x])) +
                          ((s[12] * odd[4][x] + s[13] * odd[5][x]) + (s[14] * odd[6][x] + s[15] * odd[7][x]));
                float sum = p + q, apart = q - p;
                most[x] = sum > most[x] ? sum : most[x];
                least[x] = sum < least[x] ? sum : least[x];
                other[x] = apart > other[x] ? apart : other[x];
            }
        }
        for (int x = 0; x < here; x++) {
            float n = norm[from + x];
            odd_fits[from + x] = most[x] * n;
            either_fits[from + x] = (most[x] > other[x] ? most[x] : other[x]) * n;
            right_fits[from + x] = -least[x] * n;
        }
    }
}

static double deviation(const float *row, int length)
{
    double sum = 0, squares = 0, variance;

    for (int i = 0; i < length; i++) {
        sum += row[i];
        squares += (double)row[i] * row[i];
    }
    variance = squares / length - sum / length * (sum / length);
    return variance > 0 ? sqrt(variance) : 0;
}

/* The profile with its contrast evened out over "over" samples, mirrored beyond its ends. */
static void evened(const float *profile, int length, int over, double floor, float *even)
{
    double sum = 0, squares = 0, least = floor * deviation(profile, length) + 1e-9;
    int reach = over / 2;

    for (int k = -reach; k <= reach; k++) {
        double u = profile[k < 0 ? -k : k];
        sum += u;
        squares += u * u;
    }
    for (int i = 0; i < length; i++) {
        int in = i + 1 + reach, out = i - reach < 0 ? reach - i : i - reach;
        double mean = sum / over, spread = squares / over - mean * mean, come, gone = profile[out];
        even[i] = (float)((profile[i] - mean) / ((spread > 0 ? sqrt(spread) : 0) + least));
        in = in > length - 1 ? 2 * (length - 1) - in : in;
        come = profile[in];
        sum += come - gone;
        squares += come * come - gone * gone;
    }
}

WIDE int correlations(const float *profile, int length, int from, int to, int over, double floor, const double *widths, int many, double contrast,
                      const int *guard_modules, int guards, int blurs, const float *shapes, const unsigned char *asked, const float *halves, int pictures, float *scores)
{
    float samples[MOST_SAMPLES][LONGEST + TILE], norm[LONGEST], even[LONGEST], before[LONGEST + 64], after[LONGEST + 64];

    if (length <= over || length > LONGEST || from < 0 || to > length || to - from < 2)
        return -1;
    evened(profile, length, over, floor, even);
    contrast *= deviation(even, length);
    for (int i = 0; i < to - from + 64; i++) {
        int at = i - 8 < -from ? 0 : i - 8 > length - 2 - from ? length - 2 : from + i - 8;
        before[i] = even[at];
        after[i] = even[at + 1];
    }
    length = to - from;
    for (int w = 0; w < many; w++) {
        float *out[MOST_CELLS];
        int sampled_for = 0, starts = 0;
        for (int kind = 0; kind < guards + 3; kind++) {
            out[kind] = scores + ((long)kind * many + w) * length;
            if (kind >= guards || asked[kind])
                for (int x = 0; x < length; x++)
                    out[kind][x] = -1.f;
        }
        for (int g = 0; g < guards; g++) {
            int modules = guard_modules[g], count = 2 * (modules + 1);
            if (!asked[g])
                continue;
            if (modules != sampled_for)
                starts = cells_at(before, after, length, widths[w], modules, contrast, samples, norm);
            sampled_for = modules;
            guard_fits(samples, norm, starts, count, shapes + g * blurs * MOST_SAMPLES, blurs, out[g]);
        }
        starts = cells_at(before, after, length, widths[w], HALF - 1, contrast, samples, norm);
        digit_fits(samples, norm, starts, halves, pictures, out[guards], out[guards + 1], out[guards + 2]);
    }
    return 0;
}

/* The best of staying at x, or coming from the place before or behind it at a cost. */
INLINE float best_of_three(float here, float before, float behind, float cost)
{
    float s = here, z = before - cost;
    s = z > s ? z : s;
    z = behind - cost;
    return z > s ? z : s;
}

/* Which of the three it was: 0, 1, -1. */
static int choice_of_three(float here, float before, float behind, float cost)
{
    int k = 0;
    float s = here, z = before - cost;
    if (z > s) {
        s = z;
        k = 1;
    }
    return behind - cost > s ? -1 : k;
}

/* One place of a row; none where there is no such place. */
static float at(const float *row, int length, int x) { return x < 0 || x >= length ? -1e9f : row[x]; }

static float moved_to(const float *row, int length, int x, float cost)
{
    return best_of_three(at(row, length, x), at(row, length, x - 1), at(row, length, x + 1), cost);
}

WIDE int segmented(const float *scores, const int *kind, const int *modules, int cells, const double *widths, int many, int length, float cost,
                   float *values, int *starts, int *chosen, double *score)
{
    float row[LONGEST + 2], moved[MOST_WIDTHS][LONGEST];
    int aheads[MOST_CELLS][MOST_WIDTHS], total = 0, best = 0, x, w;
    const float *last;

    if (length > LONGEST || many > MOST_WIDTHS || cells > MOST_CELLS)
        return -1;
    for (int i = 0; i < cells; i++) {
        total += modules[i];
        for (w = 0; w < many; w++)
            aheads[i][w] = (int)floor(modules[i] * widths[w] + .5);
    }
    for (int i = 0; i < many * length; i++)
        values[i] = scores[(long)kind[0] * many * length + i] * modules[0];
    for (int i = 1; i < cells; i++) {
        const float *before = values + (long)(i - 1) * many * length;
        float *value = values + (long)i * many * length;
        for (w = 0; w < many; w++) {
            int ahead = aheads[i - 1][w];
            float *m = moved[w];
            for (x = 0; x < length + 2; x++)
                row[x] = -1e9f;
            if (ahead < length)
                memcpy(row + 1 + ahead, before + (long)w * length, sizeof(float) * (length - ahead));
            for (x = 0; x < length; x++)
                m[x] = best_of_three(row[x + 1], row[x], row[x + 2], cost);
        }
        for (w = 0; w < many; w++) {
            const float *here = moved[w], *narrower = moved[w ? w - 1 : 0], *wider = moved[w < many - 1 ? w + 1 : w];
            const float *fits = scores + ((long)kind[i] * many + w) * length;
            float *v = value + (long)w * length, many_modules = (float)modules[i];
            for (x = 0; x < length; x++)
                v[x] = best_of_three(here[x], narrower[x], wider[x], cost) + fits[x] * many_modules;
        }
    }
    last = values + (long)(cells - 1) * many * length;
    for (int i = 1; i < many * length; i++)
        if (last[i] > last[best])
            best = i;
    *score = last[best] / total;
    w = best / length;
    x = best % length;
    for (int i = cells - 1; i >= 0; i--) {
        const float *before = values + (long)(i - 1) * many * length;
        int narrower = w ? w - 1 : 0, wider = w < many - 1 ? w + 1 : w, came;
        starts[i] = x;
        chosen[i] = w;
        if (i == 0)
            break;
        came = choice_of_three(moved_to(before + (long)w * length, length - aheads[i - 1][w], x - aheads[i - 1][w], cost),
                               moved_to(before + (long)narrower * length, length - aheads[i - 1][narrower], x - aheads[i - 1][narrower], cost),
                               moved_to(before + (long)wider * length, length - aheads[i - 1][wider], x - aheads[i - 1][wider], cost), cost);
        w = came > 0 ? narrower : came < 0 ? wider : w;
        before += (long)w * length;
        x -= aheads[i - 1][w];
        x -= choice_of_three(at(before, length - aheads[i - 1][w], x), at(before, length - aheads[i - 1][w], x - 1),
                             at(before, length - aheads[i - 1][w], x + 1), cost);
        x = x < 0 ? 0 : x > length - 1 ? length - 1 : x;
    }
    return 0;
}

/* A code is dark in runs, so what the Gaussian sees of it is a sum of differences of its running sums ("heaps", one more than the kernel has values). */
static int blurred(const double *modules, int count, int ink, const double *heaps, int half, int radius, const double *norm, const double *place,
                   double *code, double *moments)
{
    int last = count * FINE - 1, from = -1;

    if (count * 4 > MOST_PLACES)
        return -1;
    memset(moments, 0, sizeof(double) * 11);
    memset(code, 0, sizeof(double) * count * 4);
    for (int m = 0; m <= count; m++) {
        int dark = m < count && modules[m] > 0;
        if (dark && from < 0)
            from = m;
        if (!dark && from >= 0) {
            int first = from * FINE - ink, end = m * FINE + ink, i, to;
            first = from == 0 || first < 0 ? 0 : first;
            end = m == count || end > last + 1 ? last + 1 : end;
            from = -1;
            if (end <= first)
                continue;
            i = first - radius <= 0 ? 0 : (first - radius + 1) / 2;
            to = (end - 1 + radius) / 2 > count * 4 - 1 ? count * 4 - 1 : (end - 1 + radius) / 2;
            for (; i <= to; i++) {
                int left = 2 * i - first, right = 2 * i - end;
                left = left > radius ? radius : left;
                right = right < -radius - 1 ? -radius - 1 : right;
                code[i] += heaps[left + half + 1] - heaps[right + half + 1];
            }
        }
    }
    for (int i = 0; i < count * 4; i++) {
        double power = 1;
        code[i] /= norm[i];
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
           const double *place, const double *place_moments, const double *heaps, int half, const int *radii, const double *norms,
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
                    blurred(modules, count, d - 1, heaps + (long)s * (2 * half + 2), half, radii[s], norms + (long)s * places, place,
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

WIDE int darkness(const float *profile, int length, const double *first, const double *span, const double *bend, int rows, double bright_left,
                  double bright_right, int places, float *dark, double *variance, float *energy)
{
    double end = length - 1.001, sum[MOST_ROWS], inner[MOST_ROWS], squares[MOST_ROWS];
    float scale[MOST_ROWS];

    if (rows > MOST_ROWS || length < 2)
        return -1;
    for (int r = 0; r < rows; r++)
        sum[r] = inner[r] = squares[r] = 0;
    for (int i = 0; i < places; i++) {
        double module = (i + .5) / 4 - 3, t = module / 95, arch = 4 * t * (1 - t), at[MOST_ROWS];
        double bright = bright_left + (bright_right - bright_left) * (module + 3) / 101;
        float *out = dark + (long)i * rows;
        for (int r = 0; r < rows; r++) {
            double x = first[r] + span[r] * t + bend[r] * arch;
            x = x < 0 ? 0 : x;
            at[r] = x > end ? end : x;
        }
        for (int r = 0; r < rows; r++) {
            int whole = (int)at[r];
            double part = at[r] - whole, v = bright - (profile[whole] * (1 - part) + profile[whole + 1] * part);
            out[r] = (float)v;
            sum[r] += v;
            squares[r] += v * v;
        }
        if (i >= 12 && i < places - 12)
            for (int r = 0; r < rows; r++)
                inner[r] += out[r];
    }
    for (int r = 0; r < rows; r++) {
        double mean = inner[r] / (places - 24);
        mean = mean < 1 ? 1 : mean;
        variance[r] = (squares[r] - sum[r] * sum[r] / places) / mean / mean;
        energy[r] = (float)(squares[r] / mean / mean);
        scale[r] = 1 / (float)mean;
    }
    for (int i = 0; i < places; i++)
        for (int r = 0; r < rows; r++)
            dark[(long)i * rows + r] *= scale[r];
    return 0;
}

WIDE int projected(const float *dark, int rows, const float *spread, int modules, int radius, float *onto)
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

INLINE void costs(const float *onto, int rows, float gain, int from_end, int cell, const int *starts, const float *single, const float *shapes, float *out)
{
    for (int k = 0; k < alternatives_of(cell); k++) {
        float *o = out + (long)k * rows;
        for (int r = 0; r < rows; r++)
            o[r] = single[cell * ALTERNATIVES + k];
        for (int m = 0; m < 7; m++)
            if (shapes[(cell * ALTERNATIVES + k) * 7 + m] > 0) {
                int module = starts[cell] + m;
                const float *z = onto + (long)(from_end ? from_end - module : module) * rows;
                for (int r = 0; r < rows; r++)
                    o[r] -= 2 * gain * z[r];
            }
    }
}

WIDE int joint(const float *onto, const float *energy, int rows, float gain, int mirrored, const float *fixed, int modules, float fixed_energy,
          const float *single, const float *pair, const float *shapes, const int *starts, float *scratch, float *residual)
{
    int from_end = mirrored ? modules - 1 : 0;
    float *now = scratch, *next = scratch + (long)ALTERNATIVES * rows, *own = scratch + 2l * ALTERNATIVES * rows;

    costs(onto, rows, gain, from_end, 0, starts, single, shapes, now);
    for (int i = 0; i + 1 < CELLS; i++) {
        float *swap = now;
        costs(onto, rows, gain, from_end, i + 1, starts, single, shapes, own);
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
                residual[r] -= 2 * gain * onto[(long)(from_end ? from_end - j : j) * rows + r];
    return 0;
}

int correlated(const double *value, const int *starts, const int *right, int digits, const double *shapes, int blurs, int samples,
               int two_parities, double *scores)
{
    double best = -1e300, cell[64];

    if (samples > 64)
        return -1;
    for (int blur = 0; blur < blurs; blur++) {
        double tried[CELLS][2][10], sum = 0;
        for (int i = 0; i < digits; i++) {
            const double *from = value + starts[i] * 4 - 2;
            double mean = 0, energy = 0, most = -1e300;
            for (int k = 0; k < samples; k++)
                mean += from[k];
            mean /= samples;
            for (int k = 0; k < samples; k++) {
                cell[k] = from[k] - mean;
                energy += cell[k] * cell[k];
            }
            for (int parity = 0; parity < 2; parity++)
                for (int d = 0; d < 10; d++) {
                    const double *shape = shapes + (((long)blur * 3 + (right[i] ? 2 : parity)) * 10 + d) * samples;
                    double dot = 0, rest;
                    for (int k = 0; k < samples; k++)
                        dot += shape[k] * cell[k];
                    dot = dot > 0 ? dot : 0;
                    rest = 1 - dot * dot / (energy + 1e-6);
                    tried[i][parity][d] = parity && (right[i] || !two_parities) ? -1e9 : -4 * log(rest > .02 ? rest : .02);
                    most = tried[i][parity][d] > most ? tried[i][parity][d] : most;
                }
            sum += most;
        }
        if (sum > best) {
            best = sum;
            memcpy(scores, tried, sizeof(double) * 20 * digits);
        }
    }
    return 0;
}

int weighed(const double *value, const double *linear, const double *place, const double *code, const double *pictures, const int *starts,
            const int *own, const int *right, int digits, int two_parities, double noise, double *scores)
{
    for (int i = 0; i < digits; i++) {
        double rest[36], gain[36];
        const double *of_cell = pictures + (long)i * 20 * 36, *shown = of_cell + (long)own[i] * 36;
        int from = (starts[i] - 1) * 4;
        for (int k = 0; k < 36; k++) {
            double t = place[from + k];
            gain[k] = linear[4] + t * (linear[5] + t * linear[6]);
            rest[k] = value[from + k] - (linear[0] + t * (linear[1] + t * (linear[2] + t * linear[3]))) + gain[k] * (code[from + k] - shown[k]);
        }
        for (int d = 0; d < 20; d++) {
            double left = 0;
            for (int k = 0; k < 36; k++) {
                double v = rest[k] + gain[k] * of_cell[d * 36 + k];
                left += v * v;
            }
            scores[i * 20 + d] = d >= 10 && (right[i] || !two_parities) ? -1e9 : -left / noise;
        }
    }
    return 0;
}

static void lattice(const double *cells, const int *weights, int families, int digits, double *best)
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
}

/* What one family's cells say of each digit. */
static void cells_of(const double *scores, const int *parities, const int *only, int digits, double *cells)
{
    for (int i = 0; i < digits; i++)
        for (int d = 0; d < 10; d++)
            cells[i * 10 + d] = scores[(i * 2 + parities[i]) * 10 + d] + (only[i] < 0 || only[i] == d ? 0 : -1e9);
}

static int onward(int remainder, int weight, int digit) { return (remainder + weight * digit) % 10; }

static void path_of(const double *cells, const int *weights, int digits, const double *best, int remainder, int *path)
{
    for (int i = 0; i < digits; i++) {
        double most = -1e300;
        for (int d = 0; d < 10; d++) {
            double v = cells[i * 10 + d] + best[(i + 1) * 10 + onward(remainder, weights[i], d)];
            if (v > most) {
                most = v;
                path[i] = d;
            }
        }
        remainder = onward(remainder, weights[i], path[i]);
    }
}

int words(const double *scores, const int *parities, const int *only, const int *weights, const int *start, int families, int digits, int *word,
          int *other, double *sums)
{
    double cells[CELLS * 10], best[(CELLS + 1) * 10], forward[10], marginal = -1e300;
    int first = -1, second = -1, at_cell = 0, at_digit = 0;

    if (digits > CELLS)
        return -1;
    sums[0] = sums[1] = -1e300;
    for (int f = 0; f < families; f++) {
        double sum;
        cells_of(scores, parities + f * digits, only + f * digits, digits, cells);
        lattice(cells, weights + f * digits, 1, digits, best);
        sum = best[start[f]];
        if (sum > sums[0]) {
            sums[1] = sums[0];
            second = first;
            sums[0] = sum;
            first = f;
        } else if (sum > sums[1]) {
            sums[1] = sum;
            second = f;
        }
    }
    cells_of(scores, parities + first * digits, only + first * digits, digits, cells);
    lattice(cells, weights + first * digits, 1, digits, best);
    word[0] = first;
    path_of(cells, weights + first * digits, digits, best, start[first], word + 1);
    for (int r = 0; r < 10; r++)
        forward[r] = r == start[first] ? 0 : -1e9;
    for (int i = 0; i < digits; i++) {
        double next[10];
        for (int r = 0; r < 10; r++)
            next[r] = -1e9;
        for (int d = 0; d < 10; d++) {
            double most = -1e300;
            for (int r = 0; r < 10; r++) {
                int to = onward(r, weights[first * digits + i], d);
                double reached = forward[r] + cells[i * 10 + d], v = reached + best[(i + 1) * 10 + to];
                most = v > most ? v : most;
                next[to] = reached > next[to] ? reached : next[to];
            }
            if (d != word[1 + i] && most > marginal) {
                marginal = most;
                at_cell = i;
                at_digit = d;
            }
        }
        memcpy(forward, next, sizeof next);
    }
    if (second >= 0 && sums[1] >= marginal) {
        cells_of(scores, parities + second * digits, only + second * digits, digits, cells);
        lattice(cells, weights + second * digits, 1, digits, best);
        other[0] = second;
        path_of(cells, weights + second * digits, digits, best, start[second], other + 1);
        return 0;
    }
    sums[1] = marginal;
    for (int d = 0; d < 10; d++)
        if (d != at_digit)
            cells[at_cell * 10 + d] = -1e9;
    lattice(cells, weights + first * digits, 1, digits, best);
    other[0] = first;
    path_of(cells, weights + first * digits, digits, best, start[first], other + 1);
    return 0;
}

int turns(const float *row, int length, float step)
{
    int found = 0, way = 0;
    float highest = row[0], lowest = row[0];

    for (int i = 0; i < length; i++) {
        float v = row[i];
        if (way >= 0 && v < highest - step) {
            found++;
            way = -1;
            lowest = v;
        } else if (way <= 0 && v > lowest + step) {
            found++;
            way = 1;
            highest = v;
        }
        if (way >= 0 && v > highest)
            highest = v;
        if (way <= 0 && v < lowest)
            lowest = v;
    }
    return found;
}

/* Sums over two by two pixels of the gradients and of their products; the picture's last odd row and column are left out. */
WIDE int gradients(const unsigned char *grey, int height, int width, float *across, float *down, float *xx, float *yy, float *xy)
{
    short gx[2][MOST_COLUMNS], gy[2][MOST_COLUMNS];

    if (width > MOST_COLUMNS || width < 3 || height < 3)
        return -1;
    for (int y = 0; y + 1 < height; y += 2) {
        long out = (long)(y / 2) * (width / 2);
        for (int k = 0; k < 2; k++) {
            int row = y + k;
            const unsigned char *here = grey + (long)row * width, *above = grey + (long)(row ? row - 1 : 1) * width;
            const unsigned char *below = grey + (long)(row < height - 1 ? row + 1 : height - 2) * width;
            short sums[MOST_COLUMNS], steps[MOST_COLUMNS];
            for (int x = 0; x < width; x++) {
                sums[x] = (short)(above[x] + 2 * here[x] + below[x]);
                steps[x] = (short)(below[x] - above[x]);
            }
            for (int x = 1; x < width - 1; x++) {
                gx[k][x] = (short)(sums[x + 1] - sums[x - 1]);
                gy[k][x] = (short)(steps[x - 1] + 2 * steps[x] + steps[x + 1]);
            }
            gx[k][0] = gx[k][width - 1] = 0;
            gy[k][0] = (short)(2 * (steps[0] + steps[1]));
            gy[k][width - 1] = (short)(2 * (steps[width - 1] + steps[width - 2]));
        }
        for (int x = 0; x < width / 2; x++) {
            float a = gx[0][2 * x] / 8.f, b = gx[0][2 * x + 1] / 8.f, c = gx[1][2 * x] / 8.f, d = gx[1][2 * x + 1] / 8.f;
            float e = gy[0][2 * x] / 8.f, f = gy[0][2 * x + 1] / 8.f, g = gy[1][2 * x] / 8.f, h = gy[1][2 * x + 1] / 8.f;
            across[out + x] = (a + b + c + d) / 4;
            down[out + x] = (e + f + g + h) / 4;
            xx[out + x] = (a * a + b * b + c * c + d * d) / 4;
            yy[out + x] = (e * e + f * f + g * g + h * h) / 4;
            xy[out + x] = (a * e + b * f + c * g + d * h) / 4;
        }
    }
    return 0;
}
