package station.outage;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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
 * record by record; never used in operation.
 *
 * <p>Arguments: feed file or `-`, file of outages, settings, [command that answers calls, file with `device,area,line,box,phase,kind` lines].
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
  private final Map<String, String> feederOfCall = new HashMap<>();
  private final Map<String, String> deviceOfCall = new HashMap<>();
  private final Map<String, Long> askedAt = new HashMap<>();
  private final Map<String, String[]> places = new HashMap<>();
  private final List<OutageRow> rows = new ArrayList<>();
  private final Map<String, Long> outputs = new TreeMap<>();
  private BufferedWriter toCalls;
  private BufferedReader fromCalls;
  private long order;
  private long events;
  private long judgeNanos;

  private record Due(long atMs, String feederId) {}

  private record Answer(long atMs, long order, String callId, String feederId, String deviceId, int kind) {}

  public VirtualReplay(Parameters parameters) {
    this.parameters = parameters;
  }

  public static void main(String[] args) throws Exception {
    VirtualReplay replay = new VirtualReplay(Parameters.parse(args.length > 2 ? args[2] : ""));
    Process process = null;
    if (args.length > 3 && !args[3].isBlank()) {
      process = new ProcessBuilder("/bin/sh", "-c", args[3]).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      replay.answeredBy(process);
      replay.loadPlaces(Path.of(args[4]));
    }
    try (BufferedReader in = args[0].equals("-") ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 20) : Files.newBufferedReader(Path.of(args[0]))) {
      replay.run(in);
    }
    if (process != null) process.getOutputStream().close();
    replay.write(Path.of(args[1]));
    System.out.println(replay.summary());
  }

  private void answeredBy(Process process) {
    toCalls = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8));
    fromCalls = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private void loadPlaces(Path file) throws IOException {
    try (BufferedReader in = Files.newBufferedReader(file)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        String[] parts = line.split(",", -1);
        places.put(parts[0], parts);
      }
    }
  }

  private void run(BufferedReader in) throws IOException {
    Event event = new Event();
    long last = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      if (line.isEmpty()) continue;
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
      events++;
      deliver(feederId, event);
    }
    advance(last + 6L * 24 * 3_600_000);
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
        Answer next = answers.poll();
        // Not asked: no evidence; the judge's own time limit ends the call.
        if (next.kind < 0) continue;
        String[] place = places.get(next.deviceId);
        if (place == null) continue;
        event.kind = next.kind;
        event.deviceId = next.deviceId;
        event.areaId = emptyToNull(place[1]);
        event.lineId = emptyToNull(place[2]);
        event.boxId = emptyToNull(place[3]);
        event.phase = Event.phaseOf(place[4]);
        event.deviceKind = Event.deviceKindOf(place[5]);
        event.receivedMs = next.atMs;
        event.occurredMs = next.atMs;
        event.endedMs = Event.NONE;
        event.normal = -1;
        deliver(next.feederId, event);
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

  private static String emptyToNull(String text) {
    return text.isEmpty() ? null : text;
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
    if (toCalls == null) {
      asked.clear();
      return;
    }
    for (String line : asked) {
      toCalls.write(line);
      toCalls.write('\n');
    }
    toCalls.flush();
    for (int i = asked.size(); i > 0; i--) {
      String line = fromCalls.readLine();
      if (line == null) throw new IOException("the answering program ended early");
      Map<String, Object> answer = Json.object(Json.parse(line));
      String callId = (String) answer.get("callId");
      String feederId = feederOfCall.remove(callId);
      String deviceId = deviceOfCall.remove(callId);
      Long at = askedAt.remove(callId);
      if (feederId == null) throw new IOException("answer to an unknown call " + callId);
      int kind = answer.get("kind") == null ? -1 : Event.kindOf((String) answer.get("kind"));
      double delay = ((Number) answer.get("delayMs")).doubleValue();
      answers.add(new Answer(at + Math.round(delay), order++, callId, feederId, deviceId, kind));
    }
    asked.clear();
  }

  private FeederJudge judge(String feederId) {
    return new FeederJudge(feederId, stores.computeIfAbsent(feederId, key -> new MemoryStore()), cache, parameters, new Collector(feederId));
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
    return "{\"outputs\":" + json(outputs) + ",\"counters\":" + json(counters) + "}";
  }

  private static String json(Map<String, Long> map) {
    StringBuilder out = new StringBuilder("{");
    map.forEach((name, value) -> out.append(out.length() > 1 ? "," : "").append('"').append(name).append("\":").append(value));
    return out.append('}').toString();
  }

  private final class Collector implements Output {
    private final String feederId;

    Collector(String feederId) {
      this.feederId = feederId;
    }

    @Override
    public void outage(OutageRow row) {
      rows.add(row);
      outputs.merge("outage", 1L, Long::sum);
    }

    @Override
    public void call(String callId, String deviceId, String outageId, long askedAtMs) {
      outputs.merge("call", 1L, Long::sum);
      feederOfCall.put(callId, feederId);
      deviceOfCall.put(callId, deviceId);
      askedAt.put(callId, askedAtMs);
      asked.add("{\"callId\":\"" + callId + "\",\"deviceId\":\"" + deviceId + "\",\"askedAt\":\"" + OutageJson.instant(askedAtMs) + "\"}");
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
