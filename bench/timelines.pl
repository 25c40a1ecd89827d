# The conversations of an export as CSV, as Intercom's API has them. timelines.pl parts: with a reply, a snooze, a customer's answer that
# ends it, a comment and the close as their parts. timelines.pl statistics: without parts, the close among their statistics.
use strict;
use warnings;
use Time::Local qw(timegm);

sub seconds {
	my ($year, $month, $day, $hour, $minute, $second) = $_[0] =~ /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)/;
	return timegm($second, $minute, $hour, $day, $month - 1, $year);
}

sub part {
	my ($id, $type, $at, $author) = @_;
	return qq({"type":"conversation_part","id":"$id","part_type":"$type","created_at":$at,"author":{"type":"$author","id":"1"}});
}

my $has_parts = shift eq 'parts';
<>;
while (my $line = <>) {
	chomp $line;
	my ($id, $user, $started, $resolved, undef, $assignee, $tags) = split /,/, $line;
	my ($start, $close) = (seconds($started), seconds($resolved));
	my @at = map { $start + int(($close - $start) * $_ / 5) } 1 .. 4;
	my $parts = join ',', part("${.}1", 'comment', $at[0], 'admin'), part("${.}2", 'snoozed', $at[1], 'admin'),
	  part("${.}3", 'open', $at[2], 'user'), part("${.}4", 'comment', $at[3], 'admin'), part("${.}5", 'close', $close, 'admin');
	my $named = join ',', map { qq({"type":"tag","name":"$_"}) } split /;/, $tags;
	my $ending = $has_parts ? qq("conversation_parts":{"type":"conversation_part.list","total_count":5,"conversation_parts":[$parts]}})
	  : qq("statistics":{"type":"conversation_statistics","last_close_at":$close}});
	print qq({"type":"conversation","id":"$id","created_at":$start,"updated_at":$close,"state":"closed","admin_assignee_id":"$assignee",),
	  qq("contacts":{"type":"contact.list","contacts":[{"type":"contact","external_id":"$user"}]},"tags":{"type":"tag.list","tags":[$named]},),
	  "$ending\n";
}
