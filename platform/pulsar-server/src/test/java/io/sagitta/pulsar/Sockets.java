package io.sagitta.pulsar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What a process's ports are and say, below any library that would refuse first. */
final class Sockets {
  /** Code of the alert {@code protocol_version}. */
  static final int PROTOCOL_VERSION = 70;

  private static final int TIMEOUT_MILLIS = 10_000;
  private static final int ALERT = 0x15;
  private static final short[] SUITES = {
    (short) 0xc009, (short) 0xc00a, (short) 0xc013, (short) 0xc014, 0x002f, 0x0035
  };

  private Sockets() {}

  /** Ports on which process {@code pid} listens, by the kernel's own account. */
  static List<Integer> listening(long pid) throws IOException {
    Set<String> sockets = new HashSet<>();
    try (Stream<Path> open = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      open.forEach(descriptor -> sockets.add(target(descriptor)));
    }
    List<Integer> ports = new ArrayList<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/net/" + table))) {
        String[] words = line.strip().split("\\s+");
        if (words[3].equals("0A") && sockets.contains("socket:[" + words[9] + "]")) {
          ports.add(Integer.parseInt(words[1].substring(words[1].indexOf(':') + 1), 16));
        }
      }
    }
    return ports;
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // Closed meanwhile.
    }
  }

  /** What {@code port} answers to {@code bytes}; nothing if it just hangs up. */
  static byte[] answer(int port, byte[] bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(TIMEOUT_MILLIS);
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      ByteArrayOutputStream answer = new ByteArrayOutputStream();
      try (InputStream in = socket.getInputStream()) {
        // An alert, a ServerHello's beginning or a status line: enough to tell which.
        answer.write(in.readNBytes(7));
      } catch (IOException e) {
        answer.reset(); // Hung up.
      }
      return answer.toByteArray();
    }
  }

  /** A greeting of a client that speaks nothing newer than TLS 1.1. */
  static byte[] helloOfTls11() {
    ByteBuffer body = ByteBuffer.allocate(64);
    body.put((byte) 3).put((byte) 2).put(new byte[32]).put((byte) 0);
    body.putShort((short) (2 * SUITES.length));
    for (short suite : SUITES) {
      body.putShort(suite);
    }
    body.put((byte) 1).put((byte) 0);
    // One extension, the curves: P-256.
    body.putShort((short) 8).putShort((short) 10).putShort((short) 4);
    body.putShort((short) 2).putShort((short) 23);
    ByteBuffer record = ByteBuffer.allocate(9 + body.position());
    record.put((byte) 0x16).put((byte) 3).put((byte) 1).putShort((short) (4 + body.position()));
    record.put((byte) 1).put((byte) 0).putShort((short) body.position());
    record.put(body.array(), 0, body.position());
    return record.array();
  }

  /** The code of the alert that {@code answer} is; -1 if it is none. */
  static int alert(byte[] answer) {
    return answer.length == 7 && answer[0] == ALERT ? answer[6] : -1;
  }
}
