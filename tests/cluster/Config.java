// Asks Kafka itself about configuration, for tests/cluster/config_real.py: lines of JSON in, one line of JSON out each.
// {"op": "class", "kind", "key", "value"}                        what the class that reads this key says of a value
// {"op": "start", "config"}                                      what a node says of its settings before it does anything
// {"op": "make", "kind", "config"}                               what the program's own reading says of a whole config
// {"op": "describe", "bootstrap", "topic"?}                      every key of the broker or of a topic, DescribeConfigs
// {"op": "alter", "bootstrap", "topic"?, "broker"?, "key", "value"}   IncrementalAlterConfigs, for real; null deletes
// {"op": "refused", "bootstrap", "broker"?, "config"}            IncrementalAlterConfigs of each key apart, at once
// {"op": "create", "bootstrap", "topic", "config"}               CreateTopics
// Answers: {"refused": "…"} or {"refused": null}; describe: {"keys": {name: {type, read_only, …}}}; refused: {"each": {…}}.

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;

public class Config {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, ConfigDef> DEFINITIONS = new HashMap<>();
    private static final Map<String, AdminClient> CLIENTS = new HashMap<>();

    public static void main(String[] arguments) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            System.out.println(JSON.writeValueAsString(answer(JSON.readTree(line))));
            System.out.flush();
        }
        System.exit(0);
    }

    private static Map<String, Object> answer(JsonNode request) throws Exception {
        Map<String, Object> told = new LinkedHashMap<>();
        try {
            switch (request.get("op").asText()) {
                case "class" -> judge(request);
                case "start" -> start(request);
                case "make" -> make(request);
                case "describe" -> told.put("keys", describe(request));
                case "alter" -> alter(request);
                case "refused" -> told.put("each", each(request));
                default -> create(request);
            }
            told.put("refused", null);
        } catch (ConfigException error) {
            told.put("refused", error.getMessage());
        } catch (ExecutionException error) {
            told.put("refused", error.getCause().getClass().getSimpleName() + ": " + error.getCause().getMessage());
        } catch (ClassNotFoundException error) {
            told.put("missing", error.getMessage());
        }
        return told;
    }

    private static void judge(JsonNode request) throws Exception {
        ConfigDef definitions = definitions(request.get("kind").asText());
        ConfigDef.ConfigKey key = definitions.configKeys().get(request.get("key").asText());
        if (key == null) {
            throw new ConfigException("no such key");
        }
        // Not the validator alone: this drops words that stand twice in a list before it asks.
        Method parse = ConfigDef.class.getDeclaredMethod(
                "parseValue", ConfigDef.ConfigKey.class, Object.class, boolean.class);
        parse.setAccessible(true);
        try {
            parse.invoke(definitions, key, request.get("value").asText(), true);
        } catch (InvocationTargetException error) {
            throw error.getCause() instanceof ConfigException refused ? refused : error;
        }
    }

    private static void start(JsonNode request) throws Exception {
        Properties properties = new Properties();
        properties.putAll(texts(request.get("config")));
        Method read = Class.forName("kafka.server.KafkaConfig").getMethod("fromProps", Properties.class);
        try {
            read.invoke(null, properties);
        } catch (InvocationTargetException error) {
            throw new ExecutionException(error.getCause());
        }
    }

    private static void make(JsonNode request) throws Exception {
        String name = switch (request.get("kind").asText()) {
            case "producer" -> "org.apache.kafka.clients.producer.ProducerConfig";
            case "consumer" -> "org.apache.kafka.clients.consumer.ConsumerConfig";
            case "admin" -> "org.apache.kafka.clients.admin.AdminClientConfig";
            default -> "org.apache.kafka.connect.runtime.distributed.DistributedConfig";
        };
        try {
            Class.forName(name).getConstructor(Map.class).newInstance(texts(request.get("config")));
        } catch (InvocationTargetException error) {
            throw new ExecutionException(error.getCause());
        }
    }

    private static Map<String, String> texts(JsonNode config) {
        Map<String, String> texts = new HashMap<>();
        config.fields().forEachRemaining(one -> texts.put(one.getKey(), one.getValue().asText()));
        return texts;
    }

    private static ConfigDef definitions(String kind) throws Exception {
        ConfigDef found = DEFINITIONS.get(kind);
        if (found == null) {
            found = load(kind);
            DEFINITIONS.put(kind, found);
        }
        return found;
    }

    private static ConfigDef load(String kind) throws Exception {
        String connect = "org.apache.kafka.connect.";
        return switch (kind) {
            case "broker" -> constant("org.apache.kafka.server.config.AbstractKafkaConfig", "CONFIG_DEF");
            case "topic" -> call("org.apache.kafka.storage.internals.log.LogConfig", "configDefCopy");
            case "producer" -> call("org.apache.kafka.clients.producer.ProducerConfig", "configDef");
            case "consumer" -> call("org.apache.kafka.clients.consumer.ConsumerConfig", "configDef");
            case "admin" -> call("org.apache.kafka.clients.admin.AdminClientConfig", "configDef");
            case "source_connector" -> call(connect + "runtime.SourceConnectorConfig", "configDef");
            case "sink_connector" -> call(connect + "runtime.SinkConnectorConfig", "configDef");
            case "topic_creation" -> call(connect + "runtime.TopicCreationConfig", "defaultGroupConfigDef");
            case "mirror_source" -> both(connect + "mirror.MirrorSourceConfig");
            case "mirror_checkpoint" -> both(connect + "mirror.MirrorCheckpointConfig");
            case "connect_worker" -> worker(connect + "runtime.distributed.");
            default -> throw new ClassNotFoundException(kind);
        };
    }

    /** A source connector's keys and MirrorMaker's own; where both define one, MirrorMaker's counts. */
    private static ConfigDef both(String name) throws Exception {
        ConfigDef all = new ConfigDef(constant(name, "CONNECTOR_CONFIG_DEF"));
        load("source_connector").configKeys().values().stream()
                .filter(key -> !all.configKeys().containsKey(key.name))
                .forEach(all::define);
        return all;
    }

    private static ConfigDef worker(String folder) throws Exception {
        Class<?> crypto = Class.forName(folder + "Crypto");
        Field system = crypto.getDeclaredField("SYSTEM");
        system.setAccessible(true);
        Method config = Class.forName(folder + "DistributedConfig").getDeclaredMethod("config", crypto);
        config.setAccessible(true);
        return (ConfigDef) config.invoke(null, system.get(null));
    }

    private static ConfigDef constant(String name, String field) throws Exception {
        Field found = Class.forName(name).getDeclaredField(field);
        found.setAccessible(true);
        return (ConfigDef) found.get(null);
    }

    private static ConfigDef call(String name, String method) throws Exception {
        Method found = Class.forName(name).getDeclaredMethod(method);
        found.setAccessible(true);
        return (ConfigDef) found.invoke(null);
    }

    private static AdminClient client(JsonNode request) {
        return CLIENTS.computeIfAbsent(
                request.get("bootstrap").asText(), address -> AdminClient.create(Map.of("bootstrap.servers", address)));
    }

    private static ConfigResource resource(JsonNode request, String broker) {
        return request.hasNonNull("topic")
                ? new ConfigResource(ConfigResource.Type.TOPIC, request.get("topic").asText())
                : new ConfigResource(ConfigResource.Type.BROKER, broker);
    }

    private static Map<String, Object> describe(JsonNode request) throws Exception {
        ConfigResource resource = resource(request, "1");
        Map<String, Object> keys = new LinkedHashMap<>();
        DescribeConfigsOptions options = new DescribeConfigsOptions().includeSynonyms(true);
        Collection<ConfigEntry> entries =
                client(request).describeConfigs(List.of(resource), options).all().get().get(resource).entries();
        for (ConfigEntry entry : entries) {
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("type", entry.type().name().toLowerCase());
            row.put("read_only", entry.isReadOnly());
            row.put("sensitive", entry.isSensitive());
            if (entry.source() == ConfigEntry.ConfigSource.DEFAULT_CONFIG) {
                row.put("default", entry.value());
            }
            entry.synonyms().stream()
                    .filter(one -> one.source() == ConfigEntry.ConfigSource.DEFAULT_CONFIG)
                    .forEach(one -> row.put("default", one.value()));
            keys.put(entry.name(), row);
        }
        return keys;
    }

    /** Without "broker" it is set for every broker, as cluster-wide keys are. */
    private static void alter(JsonNode request) throws Exception {
        ConfigResource resource = resource(request, request.hasNonNull("broker") ? request.get("broker").asText() : "");
        boolean set = request.hasNonNull("value");
        ConfigEntry entry = new ConfigEntry(request.get("key").asText(), set ? request.get("value").asText() : null);
        AlterConfigOp change = new AlterConfigOp(entry, set ? AlterConfigOp.OpType.SET : AlterConfigOp.OpType.DELETE);
        client(request).incrementalAlterConfigs(Map.of(resource, List.of(change))).all().get();
    }

    /** Keys that are refused change nothing, so they need not wait for each other; a key that is taken stays set. */
    private static Map<String, String> each(JsonNode request) throws Exception {
        ConfigResource resource = resource(request, request.hasNonNull("broker") ? request.get("broker").asText() : "");
        Map<String, KafkaFuture<Void>> asked = new LinkedHashMap<>();
        texts(request.get("config")).forEach((key, value) -> {
            AlterConfigOp change = new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET);
            asked.put(key, client(request).incrementalAlterConfigs(Map.of(resource, List.of(change))).all());
        });
        Map<String, String> told = new LinkedHashMap<>();
        for (Map.Entry<String, KafkaFuture<Void>> one : asked.entrySet()) {
            try {
                one.getValue().get();
                told.put(one.getKey(), "");
            } catch (ExecutionException error) {
                told.put(one.getKey(), error.getCause().getMessage());
            }
        }
        return told;
    }

    private static void create(JsonNode request) throws Exception {
        Map<String, String> config = texts(request.get("config"));
        NewTopic topic = new NewTopic(request.get("topic").asText(), Optional.of(1), Optional.of((short) 1));
        client(request).createTopics(List.of(topic.configs(config))).all().get();
    }
}
