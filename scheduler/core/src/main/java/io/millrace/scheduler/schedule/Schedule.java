package io.millrace.scheduler.schedule;

public record Schedule(String zone) {}
