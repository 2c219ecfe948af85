package station.outage.judge;

/** Log-likelihood ratios of docs/domain.md 3.7. Natural logarithms throughout. */
public final class Scores {
  private static final double HALF_LOG_TWO_PI = 0.91893853320467274178;
  private static final double[] LANCZOS = {
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
    -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7
  };

  private Scores() {}

  /** Lanczos approximation, relative error below 1e-13 for x >= 0.5; arguments here are Beta parameters plus counts. */
  public static double lnGamma(double x) {
    if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - lnGamma(1 - x);
    double z = x - 1;
    double sum = LANCZOS[0];
    for (int i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i] / (z + i);
    double t = z + 7.5;
    return HALF_LOG_TWO_PI + (z + 0.5) * Math.log(t) - t + Math.log(sum);
  }

  public static double lnBeta(double a, double b) {
    return lnGamma(a) + lnGamma(b) - lnGamma(a + b);
  }

  /**
   * LLR_c(n) = ln B(a + k, b + N - k) - ln B(a, b) - [k ln phi + (N - k) ln(1 - phi)].
   *
   * @param a first Beta parameter of the share of devices that manage to report
   * @param b second Beta parameter
   * @param off devices that reported OFF (k)
   * @param expected devices expected to report (N); at least k
   * @param phi probability of a false OFF in the window
   */
  public static double reports(double a, double b, int off, int expected, double phi) {
    int n = Math.max(off, expected);
    if (n == 0) return 0;
    double silent = (n - off) * Math.log1p(-phi);
    if (n == 1) return off == 1 ? Math.log(a / (a + b) / phi) : Math.log(b / (a + b)) - silent;
    return lnBeta(a + off, b + n - off) - lnBeta(a, b) - off * Math.log(phi) - silent;
  }

  /**
   * The same before all reports can be in: only the share `arrived` (G of docs/domain.md 3.7, 0 &lt; G &lt;= 1) of the reports
   * that will ever come has come.
   */
  public static double reportsSoFar(double a, double b, int off, int expected, double phi, double arrived) {
    return reports(a * arrived, a + b - a * arrived, off, expected, phi);
  }

  /**
   * A batch of false reports of a restarted concentrator: any number of meters from `least` to `most` equally likely, any
   * subset of that size equally likely.
   */
  public static double burst(int off, int expected, int least, int most, double phi) {
    if (off < least || off > most) return Double.NEGATIVE_INFINITY;
    int n = Math.max(off, expected);
    double subsets = lnGamma(n + 1.0) - lnGamma(off + 1.0) - lnGamma(n - off + 1.0);
    return -Math.log(most - least + 1.0) - subsets - off * Math.log(phi) - (n - off) * Math.log1p(-phi);
  }

  /** Time agreement of one report: ln(g(occ - t0) / u), g a triangle of half width `halfWidthMs`, u uniform over 300 s. */
  public static double timeAgreement(long differenceMs, long halfWidthMs) {
    double x = Math.abs((double) differenceMs) / halfWidthMs;
    if (x >= 1) return Double.NEGATIVE_INFINITY;
    return Math.log((1 - x) / halfWidthMs * 300_000);
  }

  /** P = 1 / (1 + e^-(s - s_alt)). */
  public static double posterior(double margin) {
    return 1 / (1 + Math.exp(-margin));
  }
}
