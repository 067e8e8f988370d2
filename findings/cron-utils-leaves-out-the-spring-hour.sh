#!/usr/bin/env bash
# Maven Central com.cronutils:cron-utils 9.2.1, CronType.UNIX, which says it reads crontab: a daily time in the hour that daylight saving time
# leaves out. In Europe/Berlin clocks go from 02:00 to 03:00 on 2026-03-29.
#
# Expected: as crontab has it (cron(8) of Vixie cron and cronie), the job of 02:30 runs right after that hour, at 03:00, and every day has its run;
# in autumn, where 02:30 comes twice, it runs once.
# Seen: autumn is as expected, in spring that day has no run at all: the next execution after the 28th is on the 30th. What is due once a month or a
# year in that hour waits for the next month or year. Its manifest, besides, names slf4j-api-2.0.7.jar beside it, which javac -Xlint:path tells.
# Who needs each day's run asks the library for the times by a clock without daylight saving time within each gap of the zone's rules.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
cat >pom.xml <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>local</groupId><artifactId>finding</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>com.cronutils</groupId><artifactId>cron-utils</artifactId><version>9.2.1</version></dependency>
  </dependencies>
</project>
XML
mvn -B -ntp -q org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory="$work/lib"
cat >Next.java <<'JAVA'
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.ZonedDateTime;

public class Next {
    public static void main(String[] from) {
        ExecutionTime daily = ExecutionTime.forCron(
                new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse("30 2 * * *"));
        for (String moment : from) {
            System.out.println(moment + " -> " + daily.nextExecution(ZonedDateTime.parse(moment)).orElseThrow());
        }
    }
}
JAVA
java -cp "lib/*" Next.java '2026-03-28T12:00+01:00[Europe/Berlin]' '2026-10-24T12:00+02:00[Europe/Berlin]' \
  '2026-10-25T02:30+02:00[Europe/Berlin]' 2>/dev/null | tee seen
echo "cron-utils 9.2.1: the day on which clocks go forward has no run of 02:30"
grep -q '^2026-03-28.* -> 2026-03-30T02:30+02:00' seen # where this fails, it runs on the 29th
grep -q '^2026-10-24.* -> 2026-10-25T02:30+02:00' seen
grep -q '^2026-10-25.* -> 2026-10-26T02:30+01:00' seen
