// Prints Kafka's own definitions of topic and broker configuration as JSON: one object a line,
// {"kind": "topic"|"broker", "key": …, "type": …, "min": …, "max": …, "values": […], "mode": …}.
// Run by generate.py as a single source file with the Kafka jars on the class path.

import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.server.config.AbstractKafkaConfig;
import org.apache.kafka.storage.internals.log.LogConfig;

public class Dump {
    private static final ObjectMapper JSON = new ObjectMapper();

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
        row.put("mode", mode);
        ConfigDef.Validator validator = key.validator;
        if (validator instanceof ConfigDef.Range) {
            put(row, "min", field(validator, "min"));
            put(row, "max", field(validator, "max"));
        } else if (validator instanceof ConfigDef.ValidString) {
            put(row, "values", field(validator, "validStrings"));
        } else if (validator instanceof ConfigDef.CaseInsensitiveValidString) {
            put(row, "values", field(validator, "validStrings"));
        } else if (validator instanceof ConfigDef.ValidList) {
            put(row, "values", field(field(validator, "validString"), "validStrings"));
        }
        System.out.println(JSON.writeValueAsString(row));
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
