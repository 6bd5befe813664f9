// Kafka's own AdminClient behind lines of JSON, for sandbox/kafka/admin.py. One process serves all clusters.
// In:  {"id": 1, "cluster": "orders", "op": "open" | "state" | "apply" | "close", …}
// Out: {"id": 1, "result": …} or {"id": 1, "error": "…"}. It ends when its input does.

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.server.common.MetadataVersion;

public class Admin {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Map<String, AdminClient> CLIENTS = new ConcurrentHashMap<>();
    private static final ScramMechanism MECHANISM = ScramMechanism.SCRAM_SHA_512;
    private static final int ITERATIONS = 4096;

    public static void main(String[] arguments) throws Exception {
        ExecutorService pool = Executors.newCachedThreadPool();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            JsonNode request = JSON.readTree(line);
            pool.execute(() -> answer(request));
        }
        System.exit(0);
    }

    private static void answer(JsonNode request) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("id", request.get("id").asLong());
        try {
            told.put("result", run(request));
        } catch (Exception error) {
            told.put("error", reason(error));
        }
        synchronized (System.out) {
            try {
                System.out.println(JSON.writeValueAsString(told));
            } catch (Exception error) {
                System.exit(1);
            }
            System.out.flush();
        }
    }

    private static String reason(Throwable error) {
        Throwable cause = error instanceof ExecutionException && error.getCause() != null ? error.getCause() : error;
        return cause.getClass().getSimpleName() + ": " + cause.getMessage();
    }

    private static Object run(JsonNode request) throws Exception {
        String cluster = request.get("cluster").asText();
        switch (request.get("op").asText()) {
            case "open":
                close(cluster);
                CLIENTS.put(cluster, AdminClient.create(properties(request.get("properties"))));
                return true;
            case "close":
                return close(cluster);
            case "state":
                return state(client(cluster));
            case "apply":
                return apply(client(cluster), request.get("changes"));
            default:
                throw new IllegalArgumentException("no such op: " + request.get("op").asText());
        }
    }

    private static AdminClient client(String cluster) {
        AdminClient found = CLIENTS.get(cluster);
        if (found == null) {
            throw new IllegalStateException("cluster " + cluster + " is not open");
        }
        return found;
    }

    private static boolean close(String cluster) {
        AdminClient before = CLIENTS.remove(cluster);
        if (before != null) {
            before.close(java.time.Duration.ofMillis(200));
        }
        return before != null;
    }

    private static Map<String, Object> properties(JsonNode node) {
        Map<String, Object> found = new HashMap<>();
        node.fields().forEachRemaining(entry -> found.put(entry.getKey(), entry.getValue().asText()));
        return found;
    }

    // What the cluster is like.

    private static Object state(AdminClient client) throws Exception {
        Map<String, Object> found = new LinkedHashMap<>();
        found.put("topics", topics(client));
        Map<String, Object> users = new TreeMap<>();
        client.describeUserScramCredentials().all().get().forEach((name, described) -> users.put(
            name, described.credentialInfos().stream().map(ScramCredentialInfo::mechanism).map(Enum::name).collect(Collectors.toList())));
        found.put("users", users);
        found.put("quotas", quotas(client));
        List<Object> acls = new ArrayList<>();
        for (AclBinding binding : client.describeAcls(AclBindingFilter.ANY).values().get()) {
            acls.add(acl(binding));
        }
        found.put("acls", acls);
        short level = client.describeFeatures().featureMetadata().get().finalizedFeatures()
            .get(MetadataVersion.FEATURE_NAME).maxVersionLevel();
        found.put("metadata", MetadataVersion.fromFeatureLevel(level).toString());
        return found;
    }

    private static Map<String, Object> topics(AdminClient client) throws Exception {
        Collection<String> names = client.listTopics().names().get();
        Map<String, TopicDescription> described = client.describeTopics(names).allTopicNames().get();
        List<ConfigResource> resources = names.stream()
            .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name)).collect(Collectors.toList());
        Map<ConfigResource, Config> configs = client.describeConfigs(resources).all().get();
        Map<String, Object> found = new TreeMap<>();
        for (TopicDescription topic : described.values()) {
            Map<String, String> own = new TreeMap<>();
            Config config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()));
            for (ConfigEntry entry : config.entries()) {
                if (entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
                    own.put(entry.name(), entry.value());
                }
            }
            found.put(topic.name(), Map.of("partitions", topic.partitions().size(), "config", own));
        }
        return found;
    }

    private static Map<String, Object> quotas(AdminClient client) throws Exception {
        Map<String, Object> found = new TreeMap<>();
        client.describeClientQuotas(ClientQuotaFilter.all()).entities().get().forEach((entity, values) -> {
            if (entity.entries().size() == 1 && entity.entries().containsKey(ClientQuotaEntity.USER)) {
                String user = entity.entries().get(ClientQuotaEntity.USER);
                found.put(user == null ? "" : user, values);
            }
        });
        return found;
    }

    private static Map<String, Object> acl(AclBinding binding) {
        Map<String, Object> found = new LinkedHashMap<>();
        found.put("principal", binding.entry().principal());
        found.put("type", binding.pattern().resourceType().name());
        found.put("name", binding.pattern().name());
        found.put("pattern", binding.pattern().patternType().name());
        found.put("operation", binding.entry().operation().name());
        found.put("host", binding.entry().host());
        found.put("permission", binding.entry().permissionType().name());
        return found;
    }

    // Changes, each with the reason where Kafka refuses it.

    private static List<String> apply(AdminClient client, JsonNode changes) {
        List<String> refused = new ArrayList<>();
        for (JsonNode change : changes) {
            try {
                change(client, change);
                refused.add(null);
            } catch (Exception error) {
                refused.add(reason(error));
            }
        }
        return refused;
    }

    private static void change(AdminClient client, JsonNode change) throws Exception {
        String name = change.path("name").asText();
        switch (change.get("do").asText()) {
            case "create-topic":
                NewTopic topic = new NewTopic(name, change.get("partitions").asInt(), (short) 1);
                client.createTopics(List.of(topic.configs(strings(change.get("config"))))).all().get();
                break;
            case "grow-topic":
                client.createPartitions(Map.of(name, NewPartitions.increaseTo(change.get("partitions").asInt()))).all().get();
                break;
            case "configure-topic":
                ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
                client.incrementalAlterConfigs(Map.of(resource, operations(change))).all().get();
                break;
            case "delete-topic":
                client.deleteTopics(List.of(name)).all().get();
                break;
            case "set-password":
                byte[] password = change.get("password").asText().getBytes(StandardCharsets.UTF_8);
                ScramCredentialInfo info = new ScramCredentialInfo(MECHANISM, ITERATIONS);
                client.alterUserScramCredentials(List.of(new UserScramCredentialUpsertion(name, info, password))).all().get();
                break;
            case "drop-password":
                client.alterUserScramCredentials(List.of(new UserScramCredentialDeletion(name, MECHANISM))).all().get();
                break;
            case "set-quota":
                client.alterClientQuotas(List.of(quota(change))).all().get();
                break;
            case "add-acls":
                client.createAcls(bindings(change.get("acls"))).all().get();
                break;
            case "drop-acls":
                client.deleteAcls(bindings(change.get("acls")).stream().map(AclBinding::toFilter).collect(Collectors.toList())).all().get();
                break;
            case "upgrade-metadata":
                short level = MetadataVersion.fromVersionString(change.get("version").asText(), true).featureLevel();
                FeatureUpdate update = new FeatureUpdate(level, FeatureUpdate.UpgradeType.UPGRADE);
                client.updateFeatures(Map.of(MetadataVersion.FEATURE_NAME, update), new UpdateFeaturesOptions()).all().get();
                break;
            default:
                throw new IllegalArgumentException("no such change: " + change.get("do").asText());
        }
    }

    private static Map<String, String> strings(JsonNode node) {
        Map<String, String> found = new TreeMap<>();
        node.fields().forEachRemaining(entry -> found.put(entry.getKey(), entry.getValue().asText()));
        return found;
    }

    private static Collection<AlterConfigOp> operations(JsonNode change) {
        List<AlterConfigOp> found = new ArrayList<>();
        strings(change.get("set")).forEach(
            (key, value) -> found.add(new AlterConfigOp(new ConfigEntry(key, value), AlterConfigOp.OpType.SET)));
        for (JsonNode key : change.get("unset")) {
            found.add(new AlterConfigOp(new ConfigEntry(key.asText(), ""), AlterConfigOp.OpType.DELETE));
        }
        return found;
    }

    private static ClientQuotaAlteration quota(JsonNode change) {
        String user = change.get("name").asText();
        Map<String, String> entity = Collections.singletonMap(ClientQuotaEntity.USER, user.isEmpty() ? null : user);
        List<ClientQuotaAlteration.Op> operations = new ArrayList<>();
        change.get("set").fields().forEachRemaining(
            entry -> operations.add(new ClientQuotaAlteration.Op(entry.getKey(), entry.getValue().asDouble())));
        for (JsonNode key : change.get("unset")) {
            operations.add(new ClientQuotaAlteration.Op(key.asText(), null));
        }
        return new ClientQuotaAlteration(new ClientQuotaEntity(entity), operations);
    }

    private static List<AclBinding> bindings(JsonNode acls) {
        List<AclBinding> found = new ArrayList<>();
        for (JsonNode acl : acls) {
            found.add(new AclBinding(
                new ResourcePattern(
                    ResourceType.valueOf(acl.get("type").asText()),
                    acl.get("name").asText(),
                    PatternType.valueOf(acl.get("pattern").asText())),
                new AccessControlEntry(
                    acl.get("principal").asText(),
                    acl.get("host").asText(),
                    AclOperation.valueOf(acl.get("operation").asText()),
                    AclPermissionType.valueOf(acl.get("permission").asText()))));
        }
        return found;
    }
}
