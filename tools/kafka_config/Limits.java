// What one key's validator accepts, as data.
//
// Kafka's plain validators (ranges, words, lists, non-empty texts) are read. Any other one is asked: about many numbers,
// and about the words that stand in its own description. Where the answers say it all they become data too; where they
// don't, the row says `"judge": "opaque"` and what the validator says of itself, and nobody judges the value here.

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;

class Limits {
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_.:+-]*");
    private static final String NONSENSE = "kafka-fleet-nonsense";

    private final ConfigDef.ConfigKey key;

    Limits(ConfigDef.ConfigKey key) {
        this.key = key;
    }

    void into(Map<String, Object> row) throws Exception {
        into(row, key.validator);
    }

    private void into(Map<String, Object> row, ConfigDef.Validator validator) throws Exception {
        if (validator == null || validator instanceof ConfigDef.NonNullValidator) {
            return; // a fleet file has no null
        }
        String name = validator.getClass().getSimpleName();
        if (validator instanceof ConfigDef.Range) {
            put(row, "min", field(validator, "min"));
            put(row, "max", field(validator, "max"));
        } else if (validator instanceof ConfigDef.ValidString) {
            words(row, (Collection<?>) field(validator, "validStrings"));
        } else if (validator instanceof ConfigDef.CaseInsensitiveValidString) {
            words(row, new TreeSet<>((Collection<?>) field(validator, "validStrings")));
            row.put("ignore_case", true);
        } else if (validator instanceof ConfigDef.ValidList) {
            words(row, (Collection<?>) field(field(validator, "validString"), "validStrings"));
            gapless(row, validator, field(field(validator, "validString"), "validStrings"));
            put(row, "not_empty", (boolean) field(validator, "isEmptyAllowed") ? null : true);
        } else if (validator instanceof ConfigDef.NonEmptyString) {
            row.put("not_empty", true);
        } else if (name.equals("NonEmptyStringWithoutControlChars")) {
            row.put("not_empty", true);
            row.put("judge", "no-control-characters");
        } else if (validator instanceof ConfigDef.ListSize) {
            row.put("most_items", field(validator, "maxSize"));
        } else if (validator instanceof ConfigDef.CompositeValidator) {
            for (Object part : (Collection<?>) field(validator, "validators")) {
                into(row, (ConfigDef.Validator) part);
            }
        } else if (name.equals("ThrottledReplicaListValidator")) {
            row.put("judge", "throttled-replicas");
        } else if (name.equals("RegexValidator")) {
            row.put("judge", "regular-expression");
        } else {
            asked(row, validator);
        }
    }

    private void asked(Map<String, Object> row, ConfigDef.Validator validator) {
        switch (key.type) {
            case SHORT, INT, LONG -> numbers(row, validator);
            case LIST -> lists(row, validator);
            default -> texts(row, validator);
        }
    }

    /** Intervals of accepted numbers. Kafka's own limits are small ones or a type's ends, so these are asked about. */
    private void numbers(Map<String, Object> row, ConfigDef.Validator validator) {
        List<Long> asked = new ArrayList<>();
        long end = switch (key.type) { case SHORT -> Short.MAX_VALUE; case INT -> Integer.MAX_VALUE; default -> Long.MAX_VALUE; };
        asked.add(-end - 1);
        for (long one = -1100; one <= 1100; one++) {
            asked.add(one);
        }
        asked.add(end);
        List<List<Long>> ranges = new ArrayList<>();
        boolean open = false;
        for (long one : asked) {
            Object value = switch (key.type) { case SHORT -> (Object) (short) one; case INT -> (int) one; default -> one; };
            if (!accepts(validator, value)) {
                open = false;
            } else if (open) {
                ranges.get(ranges.size() - 1).set(1, one);
            } else {
                ranges.add(new ArrayList<>(List.of(one, one)));
                open = true;
            }
        }
        row.put("ranges", ranges);
    }

    private void texts(Map<String, Object> row, ConfigDef.Validator validator) {
        Set<String> words = new LinkedHashSet<>();
        Set<String> prefixes = new LinkedHashSet<>();
        boolean anyCase = true;
        Matcher matcher = WORD.matcher(validator.toString());
        while (!validator.toString().contains("@") && matcher.find()) {
            String word = matcher.group();
            String right = accepts(validator, word) ? word : word.toLowerCase();
            if (accepts(validator, right)) {
                words.add(right);
                anyCase &= accepts(validator, right.toUpperCase()) && accepts(validator, right.toLowerCase());
            }
            String prefix = word.replaceFirst(":.*", ":");
            if (!prefix.equals(word) && accepts(validator, prefix + "PT1H")) {
                prefixes.add(prefix);
            }
        }
        if (words.isEmpty() || accepts(validator, NONSENSE)) {
            opaque(row, validator);
            return;
        }
        row.put("values", words);
        put(row, "ignore_case", anyCase ? true : null);
        put(row, "prefixes", prefixes.isEmpty() ? null : prefixes);
        put(row, "several", several(validator, words) ? true : null);
    }

    /** Whether a text may hold more than one of the words, with commas between them. */
    private boolean several(ConfigDef.Validator validator, Set<String> words) {
        return words.stream().anyMatch(one -> words.stream()
                .anyMatch(other -> !one.equals(other) && accepts(validator, one + "," + other)));
    }

    private void lists(Map<String, Object> row, ConfigDef.Validator validator) {
        if (accepts(validator, List.of("a", "b")) && !accepts(validator, List.of("a", "a"))) {
            row.put("unique", true);
            gapless(row, validator, List.of());
        } else {
            opaque(row, validator);
        }
    }

    /** Whether nothing may stand between two commas. A word that stands twice is dropped before a ValidList is asked. */
    private void gapless(Map<String, Object> row, ConfigDef.Validator validator, Object words) {
        String word = words instanceof List<?> list && !list.isEmpty() ? (String) list.get(0) : NONSENSE;
        put(row, "gapless", accepts(validator, List.of(word, "")) ? null : true);
    }

    private void opaque(Map<String, Object> row, ConfigDef.Validator validator) {
        row.put("judge", "opaque");
        String says = validator.toString();
        put(row, "says", says.contains("@") ? null : says);
    }

    private boolean accepts(ConfigDef.Validator validator, Object value) {
        try {
            validator.ensureValid(key.name, value);
            return true;
        } catch (RuntimeException error) {
            return false;
        }
    }

    private static void words(Map<String, Object> row, Collection<?> words) {
        List<?> there = words.stream().filter(word -> word != null).toList();
        put(row, "values", there.isEmpty() ? null : there);
    }

    private static void put(Map<String, Object> row, String name, Object value) {
        if (value != null) {
            row.put(name, value);
        }
    }

    private static Object field(Object owner, String name) throws Exception {
        Field field = owner.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(owner);
    }
}
