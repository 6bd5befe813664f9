// Prints which broker configuration the operator keeps for itself, from its own published model, as one JSON line.

import com.fasterxml.jackson.databind.ObjectMapper;
import io.strimzi.api.kafka.model.kafka.KafkaClusterSpec;
import java.util.List;
import java.util.Map;

public class Operator {
    public static void main(String[] args) throws Exception {
        Map<String, List<String>> row =
                Map.of(
                        "forbidden_prefixes", split(KafkaClusterSpec.FORBIDDEN_PREFIXES),
                        "exceptions", split(KafkaClusterSpec.FORBIDDEN_PREFIX_EXCEPTIONS));
        System.out.println(new ObjectMapper().writeValueAsString(row));
    }

    private static List<String> split(String text) {
        return List.of(text.split(", *"));
    }
}
