// Prints which configuration the operator keeps for itself, from its own published model, as one JSON line:
// what is configured -> {"prefixes", "exceptions", "options", "per_listener"}.
// `options` are whole keys; an exception lifts a prefix; per_listener are keys after `listener.name.<name>-<port>.`.

import com.fasterxml.jackson.databind.ObjectMapper;
import io.strimzi.api.kafka.model.bridge.KafkaBridgeAdminClientSpec;
import io.strimzi.api.kafka.model.bridge.KafkaBridgeConsumerSpec;
import io.strimzi.api.kafka.model.bridge.KafkaBridgeProducerSpec;
import io.strimzi.api.kafka.model.bridge.KafkaBridgeSpec;
import io.strimzi.api.kafka.model.connect.KafkaConnectSpec;
import io.strimzi.api.kafka.model.connector.AbstractConnectorSpec;
import io.strimzi.api.kafka.model.kafka.KafkaClusterSpec;
import io.strimzi.api.kafka.model.kafka.cruisecontrol.CruiseControlSpec;
import io.strimzi.api.kafka.model.mirrormaker2.KafkaMirrorMaker2ClusterSpec;
import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

public class Operator {
    public static void main(String[] args) throws Exception {
        Map<String, Object> kinds = new LinkedHashMap<>();
        kinds.put("broker", row(KafkaClusterSpec.class));
        kinds.put("connect_worker", row(KafkaConnectSpec.class));
        kinds.put("connector", row(AbstractConnectorSpec.class));
        kinds.put("mirror_cluster", row(KafkaMirrorMaker2ClusterSpec.class));
        kinds.put("bridge", row(KafkaBridgeSpec.class));
        kinds.put("bridge_producer", row(KafkaBridgeProducerSpec.class));
        kinds.put("bridge_consumer", row(KafkaBridgeConsumerSpec.class));
        kinds.put("bridge_admin", row(KafkaBridgeAdminClientSpec.class));
        kinds.put("cruise_control", row(CruiseControlSpec.class));
        System.out.println(new ObjectMapper().writeValueAsString(kinds));
    }

    private static Map<String, List<String>> row(Class<?> type) throws Exception {
        Map<String, List<String>> row = new LinkedHashMap<>();
        row.put("prefixes", words(type, "FORBIDDEN_PREFIXES"));
        row.put("exceptions", words(type, "FORBIDDEN_PREFIX_EXCEPTIONS"));
        List<String> options = words(type, "FORBIDDEN_OPTIONS");
        // A connector's are called parameters; the operator compares whole keys with them.
        row.put("options", options.isEmpty() ? words(type, "FORBIDDEN_PARAMETERS") : options);
        row.put("per_listener", words(type, "ALLOWED_PER_LISTENER_CONFIGS"));
        return row;
    }

    private static List<String> words(Class<?> type, String constant) throws Exception {
        for (Field field : type.getFields()) {
            if (field.getName().equals(constant)) {
                return List.of(((String) field.get(null)).split("\\s*,+\\s*"));
            }
        }
        return List.of();
    }
}
