package io.sagitta.service;

import io.sagitta.service.access.ReplyHeaders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers with problems what never reaches a resource, such as headers that are too large. */
final class ProblemErrorHandler extends ErrorHandler {
  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int code,
      String message,
      @Nullable Throwable cause,
      Callback callback)
      throws IOException {
    Problem problem =
        code == HttpStatus.INTERNAL_SERVER_ERROR_500 && cause != null
            ? ProblemMapper.unexpected(
                cause, "request " + request.getMethod() + " " + request.getHttpURI().getPath())
            : ofStatus(code);
    // Of the connection, since a request that is not read yet does not know.
    ReplyHeaders.set(request.getConnectionMetaData().isSecure(), response.getHeaders()::put);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    response.write(true, ByteBuffer.wrap(problem.json()), callback);
  }

  private static Problem ofStatus(int status) {
    String title = HttpStatus.getMessage(status);
    String detail =
        switch (status) {
          case 400 -> "The request is not valid HTTP.";
          case 404 -> "Nothing is at this path.";
          case 405 -> "This path does not take this method.";
          case 408 -> "The request did not come in time.";
          case 414, 431 -> "The request line and headers may hold 16 KiB at most.";
          default -> title + ".";
        };
    return Problem.of(status, title.toLowerCase(Locale.ROOT).replace(' ', '-'), title, detail);
  }
}
