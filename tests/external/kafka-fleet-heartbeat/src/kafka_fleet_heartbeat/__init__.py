"""The `heartbeat` service: its entry record for the catalog of a fleet repository."""

from kafka_fleet import Service

ENTRY = Service(
    name="heartbeat",
    title="Heartbeat (KMinion)",
    owner="site-reliability",
    spec="kafka_fleet_heartbeat.spec:HeartbeatSpec",
    objects="kafka_fleet_heartbeat.objects:objects",
    component="kafka_fleet_heartbeat.component:Heartbeat",
    check="kafka_fleet_heartbeat.rules:check",
    loads="kafka_fleet_heartbeat.rules:loads",
    endpoints="kafka_fleet_heartbeat.objects:endpoints",
    requires=("kafka",),
    telemetry="kafka_fleet_heartbeat.telemetry:telemetry",
)
