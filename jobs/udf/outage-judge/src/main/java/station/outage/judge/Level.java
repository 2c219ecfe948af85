package station.outage.judge;

/** Levels of a feeder's tree, from the root down (docs/domain.md 3.7). Plain ints: they index arrays in the hot path. */
public final class Level {
  public static final int FEEDER = 0;
  public static final int BRANCH = 1;
  public static final int AREA = 2;
  public static final int LINE = 3;
  public static final int BOX = 4;
  public static final int USER = 5;
  public static final int COUNT = 6;

  private static final String[] NAMES = {"FEEDER", "BRANCH", "AREA", "LINE", "BOX", "USER"};

  private Level() {}

  public static String name(int level) {
    return NAMES[level];
  }
}
