package io.sagitta.connectors.jdbc;

import io.sagitta.connectors.InsideAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import javax.net.SocketFactory;

/**
 * Sockets that look at the address they are about to connect to, whatever name led there: a name
 * that is resolved once for the check and once more for the connection could give two answers.
 * PostgreSQL's driver makes one by its name, and lays TLS over its sockets.
 */
public final class CheckedSockets extends SocketFactory {
  static final String ANYWHERE = "anywhere";
  static final String OUTSIDE = "outside";

  private final boolean anywhere;

  /**
   * Creates one.
   *
   * @param where {@link #ANYWHERE}, or else inside addresses are refused
   */
  public CheckedSockets(String where) {
    super();
    this.anywhere = where.equals(ANYWHERE);
  }

  @Override
  public Socket createSocket() {
    return anywhere ? new Socket() : new Outside();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  private Socket connected(InetSocketAddress address) throws IOException {
    Socket socket = createSocket();
    try {
      socket.connect(address);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Connects to no address inside. */
  private static final class Outside extends Socket {
    @Override
    public void connect(SocketAddress endpoint) throws IOException {
      connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeoutMillis) throws IOException {
      if (!(endpoint instanceof InetSocketAddress address)) {
        throw new IOException("no address of a host");
      }
      InetAddress resolved = address.getAddress();
      if (resolved == null) {
        throw new UnknownHostException(address.getHostString());
      }
      if (InsideAddresses.contain(resolved)) {
        throw new RefusedAddressException(
            address.getHostString()
                + " is "
                + resolved.getHostAddress()
                + ", this machine itself or link-local: only a rule with 'loopback: true' lets a"
                + " pipeline reach that.");
      }
      super.connect(endpoint, timeoutMillis);
    }
  }
}
