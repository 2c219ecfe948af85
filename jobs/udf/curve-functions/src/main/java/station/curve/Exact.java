package station.curve;

import java.math.BigInteger;

/** Comparisons that must not depend on rounding: doubles decide when they are far apart, integers when they are near. */
final class Exact {
  private static final double NEAR = 1e-9;

  private Exact() {}

  /** Sign of a*b - c*d. */
  static int compareProducts(long a, long b, long c, long d) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    long otherHigh = Math.multiplyHigh(c, d);
    return high != otherHigh ? Long.compare(high, otherHigh) : Long.compareUnsigned(low, c * d);
  }

  static boolean isNear(double a, double b) {
    return Math.abs(a - b) <= NEAR * Math.max(Math.abs(a), Math.abs(b));
  }

  /** Numerator and denominator of S squared; Q with denominator 0 is unknown, then S = |P| / 0.95 (docs/domain.md, indicators, step 6). */
  static BigInteger[] apparentSquare(long p, long pDivisor, long q, long qDivisor) {
    BigInteger activeSquare = BigInteger.valueOf(p).pow(2);
    BigInteger activeDivisor = BigInteger.valueOf(pDivisor).pow(2);
    if (qDivisor == 0) return new BigInteger[] {activeSquare.multiply(BigInteger.valueOf(400)), activeDivisor.multiply(BigInteger.valueOf(361))};
    BigInteger reactiveSquare = BigInteger.valueOf(q).pow(2);
    BigInteger reactiveDivisor = BigInteger.valueOf(qDivisor).pow(2);
    return new BigInteger[] {activeSquare.multiply(reactiveDivisor).add(reactiveSquare.multiply(activeDivisor)), activeDivisor.multiply(reactiveDivisor)};
  }
}
