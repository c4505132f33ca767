"""What a record may be flagged with, beside its category. One record may carry several."""

from __future__ import annotations

FLAGS = {
    "knife": "a knife or sharp instrument was used or threatened",
    "firearm": "a firearm was used or threatened",
    "injury": "somebody was hurt",
    "homicide": "somebody was killed",
    "domestic-abuse": "between people personally connected, aged 16 or over",
    "hate": "seen as motivated by hostility",
    "hate-race": "hostility to race",
    "hate-religion": "hostility to religion",
    "hate-sexual-orientation": "hostility to sexual orientation",
    "hate-disability": "hostility to disability",
    "hate-transgender": "hostility to transgender identity",
    "alcohol": "linked with alcohol",
    "drugs": "linked with drugs",
    "licensed-premises": "in or outside licensed premises",
    "gang": "linked with a group",
    "online": "took place online",
    "repeat-victim": "marked as a repeat by the source",
    "child-exploitation": "linked with the exploitation of a child",
}
