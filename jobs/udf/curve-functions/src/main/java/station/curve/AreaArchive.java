package station.curve;

import java.io.Serializable;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Everything the archive says about one area, resolved for the days of its window. */
public final class AreaArchive implements Serializable {
  private static final long serialVersionUID = 1;

  final int firstDay;
  final int days;
  /** 1, or 10,000 when a transformer ratio of the area is no whole number: all primary values and capacities are multiplied by it. */
  final long ratioScale;
  /** Rated capacity by day in 10^-4 kVA times ratioScale, Period.NONE when not known. */
  final long[] rated;
  /** Percent above which three currents are unbalanced. */
  final int imbalanceLimit;
  final Map<String, Segment[]> segments = new HashMap<>();
  /** By metering point in the archive's order, each ordered by time. */
  final Segment[][] gateway;
  final int gatewaySegments;
  final Member[] members;
  /** Members by day. */
  final int[] memberCount;
  /** Forward registers at 00:00 by meter and day of the window (one more than it has), 0.01 kWh. */
  final Map<String, long[]> registers = new HashMap<>();

  /** A user that belongs to the area on some date. */
  static final class Member implements Serializable {
    private static final long serialVersionUID = 1;
    String userId;
    boolean[] belongs;
    /** Contract by day, 10^-4 kVA times ratioScale; Period.NONE when not known. */
    long[] contract;
    /** By metering point, each ordered by time. */
    Segment[][] points;
  }

  /** A meter as the archive lists it: minutes since 1970 of local time, open ends are the extreme values. */
  public record MeterEntry(
      String meterId, String pointId, boolean gateway, String userId, boolean singlePhase, String phase, BigDecimal ct, BigDecimal pt,
      long fromMinute, long toMinute, long startRegister, long stopRegister, boolean hasReactive, int listed) {}

  /** A user with its contracts (10^-4 kVA) and its memberships: value 1 for entries of this area, 0 for entries of others. */
  public record UserEntry(String userId, Period[] membership, Period[] contract) {}

  public record RegisterEntry(String meterId, int day, long forward) {}

  public AreaArchive(int firstDay, int lastDay, String connection, Period[] ratedEntries, List<MeterEntry> meters, List<UserEntry> users, List<RegisterEntry> registerEntries) {
    if (lastDay < firstDay) throw new IllegalArgumentException("the window of an area ends before it begins");
    this.firstDay = firstDay;
    this.days = lastDay - firstDay + 1;
    this.ratioScale = meters.stream().allMatch(meter -> isWhole(meter.ct) && isWhole(meter.pt)) ? 1 : 10_000;
    this.rated = scaled(Period.byDay(ratedEntries, firstDay, days));
    // 15 % for Yyn0, 25 % for Dyn11 (docs/domain.md, indicators, I08)
    this.imbalanceLimit = "Yyn0".equalsIgnoreCase(connection) ? 15 : 25;

    Map<String, Integer> userIndex = new HashMap<>();
    this.members = new Member[users.size()];
    this.memberCount = new int[days];
    for (UserEntry user : users) {
      Member member = new Member();
      member.userId = user.userId;
      member.belongs = new boolean[days];
      for (int day = 0; day < days; day++) {
        member.belongs[day] = Period.valueOn(user.membership, firstDay + day) == 1;
        if (member.belongs[day]) memberCount[day]++;
      }
      member.contract = scaled(Period.byDay(user.contract, firstDay, days));
      members[userIndex.size()] = member;
      userIndex.put(user.userId, userIndex.size());
    }

    List<MeterEntry> ordered = new ArrayList<>(meters);
    ordered.sort(Comparator.comparingInt(MeterEntry::listed));
    Map<String, List<Segment>> gatewayPoints = new LinkedHashMap<>();
    List<Map<String, List<Segment>>> userPoints = new ArrayList<>();
    for (int user = 0; user < members.length; user++) userPoints.add(new LinkedHashMap<>());
    Map<String, List<Segment>> byMeter = new HashMap<>();
    for (MeterEntry entry : ordered) {
      Integer user = entry.gateway ? Integer.valueOf(Segment.GATEWAY) : userIndex.get(entry.userId);
      if (user == null) continue;
      Segment segment = segmentOf(entry, user);
      var points = entry.gateway ? gatewayPoints : userPoints.get(user);
      points.computeIfAbsent(entry.pointId, key -> new ArrayList<>()).add(segment);
      byMeter.computeIfAbsent(entry.meterId, key -> new ArrayList<>()).add(segment);
    }
    byMeter.forEach((meterId, list) -> segments.put(meterId, list.toArray(Segment[]::new)));
    this.gateway = ordered(gatewayPoints);
    int index = 0;
    for (Segment[] point : gateway) for (Segment segment : point) segment.gatewayIndex = index++;
    this.gatewaySegments = index;
    for (int user = 0; user < members.length; user++) members[user].points = ordered(userPoints.get(user));

    for (RegisterEntry entry : registerEntries) {
      int day = entry.day - firstDay;
      if (day < 0 || day > days) continue;
      long[] values = registers.computeIfAbsent(entry.meterId, key -> filled(days + 1, Period.NONE));
      values[day] = entry.forward;
    }
  }

  /** The register at 00:00 of a day of the window, Period.NONE when it was not read. */
  long register(String meterId, int day) {
    long[] values = registers.get(meterId);
    return values == null ? Period.NONE : values[day];
  }

  private Segment segmentOf(MeterEntry entry, int user) {
    Segment segment = new Segment();
    segment.meterId = entry.meterId;
    segment.user = user;
    segment.singlePhase = entry.singlePhase;
    segment.phase = !entry.singlePhase || entry.phase == null || entry.phase.length() != 1 ? -1 : "ABC".indexOf(entry.phase);
    segment.powerRatio = scaledRatio(entry.ct.multiply(entry.pt));
    segment.currentRatio = scaledRatio(entry.ct);
    segment.voltageRatio = scaledRatio(entry.pt);
    long start = firstDay * 1_440L;
    segment.fromMinute = entry.fromMinute == Long.MIN_VALUE ? Long.MIN_VALUE : entry.fromMinute - start;
    segment.toMinute = entry.toMinute == Long.MAX_VALUE ? Long.MAX_VALUE : entry.toMinute - start;
    // point k is the instant k x 15 min: the first point in force is the first at or after `from`
    long end = (long) days * PackedCurve.POINTS;
    segment.fromPoint = segment.fromMinute == Long.MIN_VALUE ? 0 : clamp(ceilOfQuarter(segment.fromMinute), end);
    segment.toPoint = segment.toMinute == Long.MAX_VALUE ? end : clamp(ceilOfQuarter(segment.toMinute), end);
    segment.startRegister = entry.startRegister;
    segment.stopRegister = entry.stopRegister;
    segment.hasReactive = entry.hasReactive;
    return segment;
  }

  /** Metering points in order; of two meters that overlap on one point the later one is in force. */
  private static Segment[][] ordered(Map<String, List<Segment>> points) {
    Segment[][] result = new Segment[points.size()][];
    int index = 0;
    for (List<Segment> list : points.values()) {
      list.sort(Comparator.comparingLong(segment -> segment.fromMinute));
      for (int i = 0; i + 1 < list.size(); i++) {
        Segment segment = list.get(i);
        segment.toPoint = Math.min(segment.toPoint, list.get(i + 1).fromPoint);
      }
      for (Segment segment : list) segment.point = index;
      result[index++] = list.toArray(Segment[]::new);
    }
    return result;
  }

  private long[] scaled(long[] values) {
    for (int i = 0; i < values.length; i++) if (values[i] != Period.NONE) values[i] *= ratioScale;
    return values;
  }

  private long scaledRatio(BigDecimal ratio) {
    return ratio.multiply(BigDecimal.valueOf(ratioScale)).setScale(0, RoundingMode.HALF_UP).longValue();
  }

  private static boolean isWhole(BigDecimal value) {
    return value.stripTrailingZeros().scale() <= 0;
  }

  private static long ceilOfQuarter(long minute) {
    return -Math.floorDiv(-minute, 15L);
  }

  private static long clamp(long value, long end) {
    return Math.max(0, Math.min(end, value));
  }

  private static long[] filled(int length, long value) {
    long[] values = new long[length];
    java.util.Arrays.fill(values, value);
    return values;
  }
}
