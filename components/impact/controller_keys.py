"""The keys for which the operator also restarts nodes that are controllers only.

Owns      the names, as Strimzi's KafkaConfigurationDiff.java (CONTROLLER_RELEVANT_CONFIGS) has them since pull request
          11999; families stand as prefixes.
Refuses   judgement: `broker_config.py`.
"""

_NAMES = """
alter.config.policy.class.name authorizer.class.name auto.create.topics.enable background.threads
broker.heartbeat.interval.ms broker.session.timeout.ms connection.failed.authentication.delay.ms
connections.max.idle.ms connections.max.reauth.ms controlled.shutdown.enable controlled.shutdown.max.retries
controlled.shutdown.retry.backoff.ms controller.listener.names controller.quota.window.num
controller.quota.window.size.seconds controller.socket.timeout.ms create.topic.policy.class.name
default.replication.factor delete.topic.enable early.start.listeners kafka.metrics.polling.interval.secs
kafka.metrics.reporters leader.imbalance.check.interval.seconds leader.imbalance.per.broker.percentage
listener.security.protocol.map listeners log.dir log.dirs min.insync.replicas max.connection.creation.rate
max.connections.per.ip.overrides max.connections.per.ip max.connections metadata.log.dir
metadata.log.max.record.bytes.between.snapshots metadata.log.max.snapshot.interval.ms metadata.log.segment.bytes
metadata.log.segment.min.bytes metadata.log.segment.ms metadata.max.idle.interval.ms metadata.max.retention.bytes
metadata.max.retention.ms metric.reporters metrics.num.samples metrics.recording.level metrics.sample.window.ms
num.io.threads num.network.threads num.partitions offsets.topic.replication.factor principal.builder.class
process.roles queued.max.requests queued.max.requests.bytes replica.selector.class reserved.broker.max.id
sasl.mechanism.controller.protocol sasl.server.callback.handler.class sasl.server.max.receive.size security.providers
server.max.startup.time.ms socket.connection.setup.timeout.max.ms socket.connection.setup.timeout.ms
socket.listen.backlog.size socket.receive.buffer.bytes socket.request.max.bytes socket.send.buffer.bytes
ssl.cipher.suites ssl.client.auth ssl.enabled.protocols ssl.endpoint.identification.algorithm ssl.engine.factory.class
ssl.principal.mapping.rules ssl.protocol ssl.provider ssl.secure.random.implementation super.users
transaction.state.log.min.isr transaction.state.log.replication.factor unclean.leader.election.enable
"""

RELEVANT = frozenset(_NAMES.split())
"""Of the families `sasl.kerberos.`, `sasl.login.`, `sasl.oauthbearer.`, `ssl.*store.` it has every key; a user can set
none of those: the operator keeps them. `controller.quorum.` has a rule of its own."""
