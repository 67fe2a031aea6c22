package io.sagitta.acceptance.attack;

import static io.sagitta.acceptance.attack.AttackedHouse.JSON;
import static io.sagitta.acceptance.attack.AttackedHouse.MARK;
import static io.sagitta.acceptance.attack.AttackedHouse.PIPELINE;
import static io.sagitta.acceptance.attack.AttackedHouse.row;
import static io.sagitta.acceptance.attack.AttackedHouse.send;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sagitta.engine.codec.IpcCodec;
import io.sagitta.house.HouseAccess;
import io.sagitta.house.LocalHouse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLSocketFactory;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/** Bytes for the gateway, by somebody who may send rows to one source. */
final class BodyAttacks implements Attack.Group {
  private static final String OTHERS = "ours/others";
  private static final String NDJSON = "application/x-ndjson";
  private static final String ARROW = "application/vnd.apache.arrow.stream";

  private final LocalHouse house;

  BodyAttacks(AttackedHouse attacked) {
    this.house = attacked.house();
  }

  @Override
  public List<Attack> attacks() {
    return List.of(
        new Attack("gzip bombs, cut and false gzip: refused", this::gzip),
        new Attack("bodies too large, lines too long, bytes that are no text", this::text),
        new Attack("Arrow that claims 2 GB, is cut, or has bits flipped", this::arrow),
        new Attack("rows that do not fit: to quarantine, masked for who looks", this::unfit),
        new Attack("cursors made up and changed: refused", this::cursors),
        new Attack("clients that begin and do not go on: others are served", this::slow));
  }

  private HttpResponse<String> post(byte[] body, String type, String... headers)
      throws IOException, InterruptedException {
    HouseAccess feed = house.access("feed");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                feed.at(house.ports().gateway()).resolve("/v1/sources/" + OTHERS + "/orders"))
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return feed.client().send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void assertProblem(HttpResponse<String> reply, int status, String word) {
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(status);
    assertThat(reply.headers().firstValue("Content-Type")).hasValue("application/problem+json");
    assertThat(reply.body()).contains(word);
  }

  private static void assertTaken(HttpResponse<String> reply, int accepted, int rejected) {
    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(reply.body())
        .startsWith("{\"accepted\":%d,\"rejected\":%d".formatted(accepted, rejected));
  }

  private void gzip() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      byte[] zeros = new byte[1 << 20];
      for (int i = 0; i < 1_000; i++) {
        gzip.write(zeros);
      }
    }
    byte[] bomb = out.toByteArray();
    String[] encoded = {"Content-Encoding", "gzip"};
    assertProblem(post(bomb, NDJSON, encoded), 413, "expands-too-much");
    assertProblem(post(Arrays.copyOf(bomb, 1_000), NDJSON, encoded), 400, "truncated");
    assertProblem(post("no gzip".getBytes(US_ASCII), NDJSON, encoded), 400, "bad-gzip");
    assertProblem(post(new byte[1], NDJSON, "Content-Encoding", "br"), 415, "gzip");
  }

  private void text() throws Exception {
    assertProblem(post(new byte[(16 << 20) + 1], NDJSON), 413, "Split it");
    byte[] broken = (row(1) + "{\"n\":2,\"card\":\"??\"}\n").getBytes(UTF_8);
    broken[broken.length - 5] = (byte) 0xc3;
    broken[broken.length - 4] = 0x28;
    assertTaken(post(broken, NDJSON), 1, 1);
    String huge = "{\"n\":3,\"card\":\"" + "x".repeat(5 << 20) + "\"}\n";
    assertTaken(post((huge + row(4)).getBytes(UTF_8), NDJSON), 1, 1);
    String deep = "{\"n\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}\n";
    assertTaken(post((deep + row(5)).getBytes(UTF_8), NDJSON), 1, 1);
    assertProblem(post(row(1).getBytes(UTF_8), "application/x-java-serialized-object"), 415, "");
  }

  private static byte[] batch(int rows) {
    Schema schema =
        new Schema(
            List.of(
                Field.nullable("n", new ArrowType.Int(64, true)),
                Field.nullable("card", ArrowType.Utf8.INSTANCE)));
    try (BufferAllocator allocator = new RootAllocator();
        VectorSchemaRoot root = VectorSchemaRoot.create(schema, allocator)) {
      BigIntVector numbers = (BigIntVector) root.getVector("n");
      VarCharVector cards = (VarCharVector) root.getVector("card");
      for (int i = 0; i < rows; i++) {
        numbers.setSafe(i, i + 1);
        cards.setSafe(i, MARK.getBytes(UTF_8));
      }
      root.setRowCount(rows);
      return IpcCodec.toBytes(root);
    }
  }

  private void arrow() throws Exception {
    byte[] good = batch(100);
    assertTaken(post(good, ARROW), 100, 0);
    for (int length : new int[] {1, 7, 8, 100, good.length / 2, good.length - 20}) {
      assertProblem(post(Arrays.copyOf(good, length), ARROW), 400, "Arrow");
    }
    byte[] claim = good.clone();
    ByteBuffer.wrap(claim).order(ByteOrder.LITTLE_ENDIAN).putInt(4, Integer.MAX_VALUE);
    assertProblem(post(claim, ARROW), 400, "2147483647");
    Random random = new Random(7);
    for (int i = 0; i < 1_000; i++) {
      byte[] flipped = good.clone();
      int bit = random.nextInt(good.length * 8);
      flipped[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(post(flipped, ARROW).statusCode()).as("bit %d", bit).isIn(200, 400);
    }
    assertTaken(post(good, ARROW), 100, 0);
  }

  private void unfit() throws Exception {
    String rows =
        """
        {"n":"%s","card":"x"}
        {"n":1}
        {"n":7,"card":{"a":"%s"}}
        """
            .formatted(MARK, MARK);
    HttpResponse<String> reply = post(rows.getBytes(UTF_8), NDJSON);
    assertTaken(reply, 0, 3);
    String path = "/api/v1/pipelines/" + OTHERS + "/quarantine?stage=orders&limit=1000";
    List<String> seen = new ArrayList<>();
    AttackedHouse.await(
        "the rows are in quarantine",
        () -> {
          seen.add(send(house.access("hand"), house.ports().control(), "GET", path, "").body());
          return JSON.readTree(seen.get(seen.size() - 1)).path("rows").size() >= 3;
        });
    assertThat(seen.get(seen.size() - 1)).contains("missing_required", "wrong_type");
    assertThat(seen).allMatch(body -> !body.contains(MARK));
    assertThat(
            send(house.access("hand"), house.ports().control(), "GET", path + "&unmask=true", "")
                .statusCode())
        .isEqualTo(403);
  }

  private void cursors() throws Exception {
    HouseAccess board = house.access("board");
    String rows = "/v1/streams/" + PIPELINE + "/all/rows?limit=1&cursor=";
    int gateway = house.ports().gateway();
    String good =
        JSON.readTree(send(board, gateway, "GET", rows.replace("&cursor=", ""), "").body())
            .path("cursor")
            .asText();
    Random random = new Random(11);
    for (int i = 0; i < 300; i++) {
      char[] forged = good.toCharArray();
      forged[random.nextInt(forged.length)] = (char) ('!' + random.nextInt(90));
      String text = URLEncoder.encode(new String(forged), UTF_8);
      HttpResponse<String> reply = send(board, gateway, "GET", rows + text, "");
      if (!isSame(new String(forged), good)) {
        assertProblem(reply, 400, "bad-cursor");
      }
    }
    for (String text : List.of("", "x", "latest%00", "A".repeat(7_000), "..%2f..%2fetc")) {
      assertThat(send(board, gateway, "GET", rows + text, "").statusCode()).as(text).isIn(200, 400);
    }
    assertThat(send(board, gateway, "GET", rows + good, "").statusCode()).isEqualTo(200);
  }

  /** Bits of the last letter may mean nothing, so two spellings can be of the same bytes. */
  private static boolean isSame(String forged, String good) {
    try {
      return Arrays.equals(
          Base64.getUrlDecoder().decode(forged), Base64.getUrlDecoder().decode(good));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void slow() throws Exception {
    SSLSocketFactory tls = house.access("feed").tls().orElseThrow().getSocketFactory();
    List<Socket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < 200; i++) {
        sockets.add(begin(tls));
      }
      int refused = 0;
      for (Socket socket : sockets) {
        refused += isRefused(socket) ? 1 : 0;
      }
      assertThat(refused).isBetween(200 - 64, 199);
      for (int i = 0; i < 20; i++) {
        String path = "/v1/streams/" + PIPELINE + "/all/rows?limit=1";
        assertThat(
                send(house.access("board"), house.ports().gateway(), "GET", path, "").statusCode())
            .as("who reads meanwhile")
            .isEqualTo(200);
      }
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
    }
  }

  /** Sends the head of a request, and the first byte of its body. */
  private Socket begin(SSLSocketFactory tls) throws IOException {
    Socket socket = tls.createSocket(InetAddress.getLoopbackAddress(), house.ports().gateway());
    socket.setSoTimeout(300);
    String head =
        "POST /v1/sources/%s/orders HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: %s\r\nContent-Length: 1000\r\n\r\n{"
            .formatted(OTHERS, house.ports().gateway(), NDJSON);
    socket.getOutputStream().write(head.getBytes(US_ASCII));
    return socket;
  }

  private static boolean isRefused(Socket socket) throws IOException {
    try {
      return new String(socket.getInputStream().readNBytes(12), US_ASCII).equals("HTTP/1.1 429");
    } catch (SocketTimeoutException e) {
      return false; // Its body is waited for.
    }
  }
}
