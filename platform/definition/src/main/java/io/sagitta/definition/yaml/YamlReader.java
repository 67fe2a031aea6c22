package io.sagitta.definition.yaml;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingEndEvent;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceEndEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/**
 * Reads one YAML document from untrusted bytes. Tags, anchors and aliases, several documents,
 * duplicate keys, deep nesting, big files and broken UTF-8 are refused; the tree is built from
 * parser events, so none of them costs more than its text.
 */
public final class YamlReader {
  /** Longest file that is read. */
  public static final int MAX_BYTES = 1 << 20;

  /** Deepest nesting of lists and mappings. */
  public static final int MAX_DEPTH = 64;

  /** Most values in one file, lists and mappings among them. */
  public static final int MAX_VALUES = 100_000;

  private final List<Complaint> complaints = new ArrayList<>();
  private final Iterator<Event> events;
  private int values;
  private boolean aliased;
  private boolean anchored;

  private YamlReader(String text) {
    // One read takes all: the parser's own reader fails on a pair of surrogates that its buffer
    // cuts.
    LoadSettings settings = LoadSettings.builder().setBufferSize(text.length() + 2).build();
    events = new Parse(settings).parseString(text).iterator();
  }

  /** Reads {@code utf8}; never throws for what it holds. */
  public static YamlDocument read(byte[] utf8) {
    if (utf8.length > MAX_BYTES) {
      return unreadable(
          Position.START,
          "the file has %,d bytes; it may have at most %,d. Split it"
              .formatted(utf8.length, MAX_BYTES));
    }
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer bytes = ByteBuffer.wrap(utf8);
    CharBuffer chars = CharBuffer.allocate(utf8.length + 1);
    CoderResult decoded = decoder.decode(bytes, chars, true);
    String text = chars.flip().toString();
    if (decoded.isError()) {
      return unreadable(
          new YamlSource(text).position(text.codePointCount(0, text.length())),
          "the file is not UTF-8 text. Save it as UTF-8");
    }
    return read(text.startsWith("\uFEFF") ? text.substring(1) : text);
  }

  private static YamlDocument read(String text) {
    YamlSource source = new YamlSource(text);
    YamlReader reader = new YamlReader(text);
    Optional<YamlNode> root = Optional.empty();
    try {
      root = reader.document();
    } catch (ReaderException e) {
      reader.complaints.add(
          new Complaint(
              source.position(e.getPosition()),
              "the character U+%04X is not allowed in YAML. Take it out, or escape it in double quotes"
                  .formatted(e.getCodePoint())));
    } catch (TooMuch e) {
      reader.complaints.add(e.complaint);
    } catch (MarkedYamlEngineException e) {
      reader.complaints.add(syntaxComplaint(e));
    } catch (NumberFormatException e) {
      // The scanner takes what is left of an escape that the end of the file cuts off.
      reader.complaints.add(
          new Complaint(
              source.position(text.codePointCount(0, text.length())),
              "this is not YAML: the file ends within an escape such as \\u0041"));
    } catch (YamlEngineException e) {
      reader.complaints.add(
          new Complaint(Position.START, "this is not YAML: " + firstLine(e.getMessage())));
    }
    return new YamlDocument(root, source, reader.complaints);
  }

  private static Complaint syntaxComplaint(MarkedYamlEngineException e) {
    String context = Optional.ofNullable(e.getContext()).map(c -> ", " + c).orElse("");
    Position at =
        e.getProblemMark().or(e::getContextMark).map(YamlReader::position).orElse(Position.START);
    return new Complaint(at, "this is not YAML: " + firstLine(e.getProblem()) + context);
  }

  private static String firstLine(@Nullable String text) {
    return Optional.ofNullable(text).flatMap(t -> t.lines().findFirst()).orElse("");
  }

  private static YamlDocument unreadable(Position at, String message) {
    return new YamlDocument(
        Optional.empty(), new YamlSource(""), List.of(new Complaint(at, message)));
  }

  /** Returns the first document, empty if there is none or an alias stands for a part of it. */
  private Optional<YamlNode> document() {
    Optional<YamlNode> root = Optional.empty();
    while (events.hasNext()) {
      Event event = events.next();
      if (event instanceof DocumentStartEvent) {
        if (root.isPresent()) {
          complain(event, "a second document starts here. Write one document per file");
          break;
        }
        root = Optional.of(node(events.next(), 1));
      }
    }
    if (root.isEmpty()) {
      complaints.add(new Complaint(Position.START, "the file is empty"));
    }
    return aliased ? Optional.empty() : root;
  }

  private YamlNode node(Event event, int depth) {
    if (depth > MAX_DEPTH) {
      throw new TooMuch(
          position(event),
          "lists and mappings nest more than %d deep. Flatten them".formatted(MAX_DEPTH));
    }
    if (++values > MAX_VALUES) {
      throw new TooMuch(
          position(event), "the file has more than %,d values. Split it".formatted(MAX_VALUES));
    }
    refuseAnchor(event);
    if (event instanceof ScalarEvent scalar) {
      refuseTag(scalar, scalar.getTag());
      return scalar(scalar);
    }
    if (event instanceof AliasEvent alias) {
      if (!aliased) {
        complain(alias, "aliases are refused: they hide what the file says. Write the values out");
      }
      aliased = true;
      return YamlScalar.implied("", position(alias));
    }
    refuseTag(event, ((CollectionStartEvent) event).getTag());
    return event instanceof MappingStartEvent ? mapping(event, depth) : sequence(event, depth);
  }

  private YamlScalar scalar(ScalarEvent event) {
    YamlScalar.Style style =
        switch (event.getScalarStyle()) {
          case DOUBLE_QUOTED, JSON_SCALAR_STYLE -> YamlScalar.Style.DOUBLE_QUOTED;
          case SINGLE_QUOTED -> YamlScalar.Style.SINGLE_QUOTED;
          case LITERAL, FOLDED -> YamlScalar.Style.BLOCK;
          case PLAIN -> YamlScalar.Style.PLAIN;
        };
    int from = event.getStartMark().map(Mark::getIndex).orElse(0);
    int to = event.getEndMark().map(Mark::getIndex).orElse(from);
    return new YamlScalar(event.getValue(), style, position(event), from, to);
  }

  private YamlSequence sequence(Event start, int depth) {
    List<YamlNode> items = new ArrayList<>();
    for (Event next = events.next(); !(next instanceof SequenceEndEvent); next = events.next()) {
      items.add(node(next, depth + 1));
    }
    return new YamlSequence(items, position(start));
  }

  private YamlMapping mapping(Event start, int depth) {
    List<YamlMapping.Entry> entries = new ArrayList<>();
    Map<String, Position> seen = new HashMap<>();
    for (Event next = events.next(); !(next instanceof MappingEndEvent); next = events.next()) {
      YamlNode key = node(next, depth + 1);
      YamlNode value = node(events.next(), depth + 1);
      if (!(key instanceof YamlScalar name)) {
        complaints.add(
            new Complaint(key.at(), "a key must be a single text, found " + key.words()));
      } else if (seen.containsKey(name.text())) {
        complaints.add(
            new Complaint(
                name.at(),
                "duplicate key '%s': it stands in line %d already. Remove one"
                    .formatted(name.text(), seen.get(name.text()).line())));
      } else {
        seen.put(name.text(), name.at());
        entries.add(new YamlMapping.Entry(name, value));
      }
    }
    return new YamlMapping(entries, position(start));
  }

  private void refuseAnchor(Event event) {
    if (event instanceof NodeEvent node
        && !(event instanceof AliasEvent)
        && node.getAnchor().isPresent()
        && !anchored) {
      anchored = true;
      complain(
          event,
          "anchors such as '&%s' are refused. Remove them".formatted(node.getAnchor().get()));
    }
  }

  private void refuseTag(Event event, Optional<String> tag) {
    tag.ifPresent(name -> complain(event, "the tag '%s' is refused. Remove it".formatted(name)));
  }

  private void complain(Event event, String message) {
    complaints.add(new Complaint(position(event), message));
  }

  private static Position position(Event event) {
    return event.getStartMark().map(YamlReader::position).orElse(Position.START);
  }

  private static Position position(Mark mark) {
    return new Position(mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** Ends the reading of a document that is past a bound. */
  private static final class TooMuch extends RuntimeException {
    private final transient Complaint complaint;

    TooMuch(Position at, String message) {
      super(message, null, false, false);
      complaint = new Complaint(at, message);
    }
  }
}
