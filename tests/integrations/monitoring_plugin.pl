#!/usr/bin/perl
# What Monitoring::Plugin makes of texts. One JSON array in, one JSON array out.
#   perfdata  [TEXT...]                          -> [[[label, value, uom, warn, crit, min, max]...]...]
#   ranges    [[RANGE, VALUE]...]                -> [null if refused, else whether it alerts...]
#   statuses  [[WARNING, CRITICAL, VALUE]...]    -> [0, 1 or 2...]
use strict;
use warnings;
use JSON::PP;
use Monitoring::Plugin::Performance;
use Monitoring::Plugin::Range;
use Monitoring::Plugin::Threshold;

# It carps about a range that it refuses, and dies of a pair of them.
local $SIG{__WARN__} = sub { };

sub text { defined $_[0] ? "$_[0]" : "" }

my %answers = (
    perfdata => sub {
        my @items = Monitoring::Plugin::Performance->parse_perfstring($_[0]);
        return [ map { my $i = $_; [ map { text($i->$_) } qw(label value uom warning critical min max) ] } @items ];
    },
    ranges => sub {
        my ($text, $value) = @{ $_[0] };
        my $range = Monitoring::Plugin::Range->parse_range_string($text);
        return defined $range ? ($range->check_range($value) ? JSON::PP::true : JSON::PP::false) : undef;
    },
    statuses => sub {
        my ($warning, $critical, $value) = @{ $_[0] };
        my $threshold = Monitoring::Plugin::Threshold->set_thresholds(warning => $warning, critical => $critical);
        return $threshold->get_status($value) + 0;
    },
);

my $answer = $answers{ $ARGV[0] } or die "unknown question\n";
my $json = JSON::PP->new->utf8->allow_nonref;
local $/;
print $json->encode([ map { $answer->($_) } @{ $json->decode(<STDIN>) } ]);
