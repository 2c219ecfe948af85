package station.outage;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;
import java.util.TreeSet;
import station.outage.judge.DecodedCache;
import station.outage.judge.Event;
import station.outage.judge.FeederJudge;
import station.outage.judge.Json;
import station.outage.judge.MemoryStore;
import station.outage.judge.Output;
import station.outage.judge.OutageRow;
import station.outage.judge.Parameters;

/**
 * The same judge in virtual time, without an engine: reads lines of topology records (`T` + JSON) and event values (JSON) in order
 * of arrival, writes outage values as lines. For measuring accuracy on millions of events and for comparing with the engine
 * record by record, and for finding the answers of calls that a replay on the engine gets; never used in operation.
 *
 * <p>Arguments: feed file or `-`, file of outages or `-` for none, settings, [`ask`]. A line `E` ends the feed before its stream ends. With `ask`, calls are printed, one line
 * `ASK [{callId, deviceId, askedAtMs}, …]` per instant, and each of them is answered in the feed by one line `A` + event value, which
 * then arrives at its `receivedAtMs`, or a bare `A` when the device was not asked. Feed lines may come before the answers.
 */
public final class VirtualReplay {
  private final Parameters parameters;
  private final DecodedCache cache = new DecodedCache();
  private final Map<String, MemoryStore> stores = new HashMap<>();
  /** Deadlines of all feeders in order; ties by feeder. */
  private final TreeSet<Due> dues = new TreeSet<>(Comparator.comparingLong(Due::atMs).thenComparing(Due::feederId));
  private final Map<String, Due> dueOf = new HashMap<>();
  private final PriorityQueue<Answer> answers = new PriorityQueue<>(Comparator.comparingLong(Answer::atMs).thenComparingLong(Answer::order));
  private final List<String> asked = new ArrayList<>();
  private final List<OutageRow> rows = new ArrayList<>();
  private final Map<String, Long> outputs = new TreeMap<>();
  private final Output collector = new Collector();
  private final StateSize state = new StateSize();
  private final ArrayDeque<String> ahead = new ArrayDeque<>();
  private BufferedReader feed;
  private boolean asks;
  private final Event answered = new Event();
  private long order;
  private long events;
  private long judgeNanos;

  private record Due(long atMs, String feederId) {}

  private record Answer(long atMs, long order, String event) {}

  public VirtualReplay(Parameters parameters) {
    this.parameters = parameters;
  }

  public static void main(String[] args) throws Exception {
    VirtualReplay replay = new VirtualReplay(Parameters.parse(args.length > 2 ? args[2] : ""));
    replay.asks = args.length > 3 && args[3].equals("ask");
    try (BufferedReader in = args[0].equals("-") ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 20) : Files.newBufferedReader(Path.of(args[0]))) {
      replay.feed = in;
      replay.run();
    }
    if (!args[1].equals("-")) replay.write(Path.of(args[1]));
    System.out.println(replay.summary());
  }

  private void run() throws IOException {
    Event event = new Event();
    long last = 0;
    for (String line = next(); line != null; line = next()) {
      if (line.isEmpty()) continue;
      if (line.equals("E")) break;
      if (line.charAt(0) == 'T') {
        String record = line.substring(1);
        String feederId = (String) Json.object(Json.parse(record)).get("feederId");
        judge(feederId).topology(record, 0);
        continue;
      }
      String feederId = EventLine.read(line, event);
      long at = event.receivedMs;
      if (event.kind == Event.TICK || feederId == null || event.areaId == null && event.deviceKind != Event.SWITCH) continue;
      // Rows of an instant come before the deadlines of that instant, as with a watermark of "row time minus 1 ms".
      advance(at - 1);
      last = at;
      state.look(at, stores.values());
      events++;
      deliver(feederId, event);
    }
    advance(last + 6L * 24 * 3_600_000);
  }

  private String next() throws IOException {
    return ahead.isEmpty() ? feed.readLine() : ahead.poll();
  }

  private void deliver(String feederId, Event event) throws IOException {
    long started = System.nanoTime();
    FeederJudge judge = judge(feederId);
    judge.event(event);
    reschedule(feederId, judge);
    judgeNanos += System.nanoTime() - started;
    exchange();
  }

  /** Runs deadlines and delivers answers up to and including an instant, in order; answers of an instant before its deadlines. */
  private void advance(long untilMs) throws IOException {
    Event event = new Event();
    for (; ; ) {
      long due = dues.isEmpty() ? Long.MAX_VALUE : dues.first().atMs;
      long answer = answers.isEmpty() ? Long.MAX_VALUE : answers.peek().atMs;
      if (Math.min(due, answer) > untilMs) return;
      if (answer <= due) {
        deliver(EventLine.read(answers.poll().event, event), event);
        continue;
      }
      Due first = dues.first();
      long started = System.nanoTime();
      FeederJudge judge = judge(first.feederId);
      judge.time(first.atMs);
      reschedule(first.feederId, judge);
      judgeNanos += System.nanoTime() - started;
      exchange();
    }
  }

  private void reschedule(String feederId, FeederJudge judge) {
    Due before = dueOf.get(feederId);
    long due = judge.dueMs();
    if (before != null && before.atMs == due) return;
    if (before != null) dues.remove(before);
    if (due == Long.MAX_VALUE) {
      dueOf.remove(feederId);
      return;
    }
    Due next = new Due(due, feederId);
    dues.add(next);
    dueOf.put(feederId, next);
  }

  /** Sends what was asked just now and waits for the answers: time stands still meanwhile. */
  private void exchange() throws IOException {
    if (asked.isEmpty()) return;
    if (asks) {
      System.out.println("ASK [" + String.join(",", asked) + "]");
      for (int open = asked.size(); open > 0; ) {
        String line = feed.readLine();
        // Whoever answers has given up, and says why himself.
        if (line == null) System.exit(1);
        if (line.isEmpty() || line.charAt(0) != 'A') {
          ahead.add(line);
          continue;
        }
        open--;
        // Not asked: no evidence; the judge's own time limit ends the call.
        if (line.length() == 1) continue;
        EventLine.read(line, answered);
        answers.add(new Answer(answered.receivedMs, order++, line.substring(1)));
      }
    }
    asked.clear();
  }

  private FeederJudge judge(String feederId) {
    return new FeederJudge(feederId, stores.computeIfAbsent(feederId, key -> new MemoryStore()), cache, parameters, collector);
  }

  private void write(Path file) throws IOException {
    rows.sort(Comparator.comparingLong(OutageRow::decidedAtMs).thenComparing(OutageRow::outageId).thenComparingInt(OutageRow::version));
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (OutageRow row : rows) {
        out.write(OutageJson.line(row));
        out.write('\n');
      }
    }
  }

  private String summary() {
    Map<String, Long> counters = new LinkedHashMap<>();
    for (String feederId : stores.keySet()) judge(feederId).counters(counters);
    outputs.put("events", events);
    outputs.put("judgeMicros", judgeNanos / 1000);
    return "{\"outputs\":" + json(outputs) + ",\"counters\":" + json(counters) + ",\"state\":" + json(state.figures(stores.values())) + "}";
  }

  private static String json(Map<String, Long> map) {
    StringBuilder out = new StringBuilder("{");
    map.forEach((name, value) -> out.append(out.length() > 1 ? "," : "").append('"').append(name).append("\":").append(value));
    return out.append('}').toString();
  }

  private final class Collector implements Output {
    @Override
    public void outage(OutageRow row) {
      rows.add(row);
      state.outage(row);
      outputs.merge("outage", 1L, Long::sum);
    }

    @Override
    public void call(String callId, String deviceId, String outageId, long askedAtMs) {
      outputs.merge("call", 1L, Long::sum);
      asked.add("{\"callId\":" + OutageJson.quote(callId) + ",\"deviceId\":" + OutageJson.quote(deviceId) + ",\"askedAtMs\":" + askedAtMs + "}");
    }

    @Override
    public void watch(String areaId, long untilMs, long decidedAtMs) {
      outputs.merge("watch", 1L, Long::sum);
    }

    @Override
    public void hint(String kind, String deviceId, String archiveNodeId, String proposedNodeId, String outageId, int weight, long decidedAtMs) {
      outputs.merge("hint", 1L, Long::sum);
    }

    @Override
    public void counter(String name, long value, long decidedAtMs) {
      outputs.merge("counter", 1L, Long::sum);
    }
  }
}
