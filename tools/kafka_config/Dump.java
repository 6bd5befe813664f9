// Prints Kafka's own definitions of configuration as JSON, one key a line:
// {"kind": …, "key": …, "type": …, "importance": …, "mode": …, "default": … | "required": true, limits, "judge": …}.
// What limits there are is read from the validator where it is one of Kafka's plain ones (Limits.java). A default that
// is a class is printed by name, a list with commas between its words.
// Run by generate.py with the jars of one Kafka version on the class path.

import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.runtime.SinkConnectorConfig;
import org.apache.kafka.connect.runtime.SourceConnectorConfig;
import org.apache.kafka.connect.runtime.TopicCreationConfig;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.storage.internals.log.LogConfig;
import org.apache.kafka.streams.StreamsConfig;

public class Dump {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONNECT = "org.apache.kafka.connect.";

    public static void main(String[] args) throws Exception {
        Map<String, String> modes = modes();
        Map<String, ConfigDef.ConfigKey> topics = LogConfig.configKeys();
        for (String name : LogConfig.nonInternalConfigNames()) {
            print("topic", topics.get(name), "dynamic");
        }
        for (ConfigDef.ConfigKey key : AbstractKafkaConfig.CONFIG_DEF.configKeys().values()) {
            if (!key.internalConfig) {
                print("broker", key, modes.getOrDefault(key.name, "read-only"));
            }
        }
        all("producer", ProducerConfig.configDef());
        all("consumer", ConsumerConfig.configDef());
        all("admin", AdminClientConfig.configDef());
        all("streams", StreamsConfig.configDef());
        all("connect_worker", worker());
        all("source_connector", SourceConnectorConfig.configDef());
        all("sink_connector", SinkConnectorConfig.configDef());
        all("topic_creation", TopicCreationConfig.defaultGroupConfigDef());
        mirror("mirror_source", "mirror.MirrorSourceConfig");
        mirror("mirror_checkpoint", "mirror.MirrorCheckpointConfig");
    }

    private static void all(String kind, ConfigDef definitions) throws Exception {
        for (ConfigDef.ConfigKey key : definitions.configKeys().values()) {
            if (!key.internalConfig) {
                print(kind, key, "restart");
            }
        }
    }

    /** MirrorMaker's connectors are source connectors with keys of their own; where both define one, theirs counts. */
    private static void mirror(String kind, String name) throws Exception {
        Field field = Class.forName(CONNECT + name).getDeclaredField("CONNECTOR_CONFIG_DEF");
        field.setAccessible(true);
        Map<String, ConfigDef.ConfigKey> keys = new LinkedHashMap<>(SourceConnectorConfig.configDef().configKeys());
        keys.putAll(((ConfigDef) field.get(null)).configKeys());
        for (ConfigDef.ConfigKey key : keys.values()) {
            if (!key.internalConfig) {
                print(kind, key, "restart");
            }
        }
    }

    /** The worker's definitions need to know what this JVM's cryptography has; Kafka's own tests hand in a fake. */
    private static ConfigDef worker() throws Exception {
        Class<?> crypto = Class.forName(CONNECT + "runtime.distributed.Crypto");
        Field system = crypto.getDeclaredField("SYSTEM");
        system.setAccessible(true);
        Class<?> config = Class.forName(CONNECT + "runtime.distributed.DistributedConfig");
        Method method = config.getDeclaredMethod("config", crypto);
        method.setAccessible(true);
        return (ConfigDef) method.invoke(null, system.get(null));
    }

    @SuppressWarnings("unchecked")
    private static Map<String, String> modes() throws Exception {
        String method = "dynamicConfigUpdateModes";
        try {
            Class<?> java = Class.forName("org.apache.kafka.server.config.DynamicBrokerConfig");
            return (Map<String, String>) java.getMethod(method).invoke(null);
        } catch (ClassNotFoundException error) {
            // Up to 4.2 it is a Scala object.
            Class<?> scala = Class.forName("kafka.server.DynamicBrokerConfig$");
            return (Map<String, String>) scala.getMethod(method).invoke(scala.getField("MODULE$").get(null));
        }
    }

    private static void print(String kind, ConfigDef.ConfigKey key, String mode) throws Exception {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("kind", kind);
        row.put("key", key.name);
        row.put("type", key.type.name().toLowerCase());
        row.put("importance", key.importance.name().toLowerCase());
        row.put("mode", mode);
        if (key.hasDefault()) {
            row.put("default", plain(key.defaultValue, key.type));
        } else {
            row.put("required", true);
        }
        new Limits(key).into(row);
        System.out.println(JSON.writeValueAsString(row));
    }

    private static Object plain(Object value, ConfigDef.Type type) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        if (value instanceof List) {
            return String.join(",", ((List<?>) value).stream().map(one -> (String) plain(one, type)).toList());
        }
        return value instanceof Class ? ((Class<?>) value).getName() : value.toString();
    }
}
