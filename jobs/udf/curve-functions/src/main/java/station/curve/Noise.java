package station.curve;

/** Small, fast random numbers that depend on their seed alone: the same data set on every machine. */
public final class Noise {
  private long state;

  public Noise(long seed) {
    state = mix(seed);
  }

  /** Spreads the bits of a seed (the finaliser of splitmix64). */
  public static long mix(long value) {
    long z = value + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  public long nextLong() {
    state += 0x9E3779B97F4A7C15L;
    long z = state;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** In [0, 1). */
  public double next() {
    return (nextLong() >>> 11) * 0x1.0p-53;
  }

  /** About normal with mean 0 and deviation 1: the sum of four uniform numbers of 16 bits. */
  public double nextNormal() {
    long bits = nextLong();
    double sum = (bits & 0xFFFF) + ((bits >>> 16) & 0xFFFF) + ((bits >>> 32) & 0xFFFF) + (bits >>> 48);
    return (sum / 65_536.0 - 2) * 1.732;
  }
}
